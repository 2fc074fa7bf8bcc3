package io.iir.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.usage.RowIds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page of the ledger's rows, newest first.
 *
 * @param limit how many rows it has at most
 * @param afterId the id of the row that it begins behind
 * @param afterJournal the journal of that row
 * @param requestId the {@code x-request-id} of the requests that it has; empty: of all
 */
record UsagePage(int limit, long afterId, long afterJournal, String requestId) {

  static final String REQUEST_ID = "request_id";
  static final String LIMIT = "limit";
  static final String AFTER = "after";
  private static final int MOST = 1_000;
  private static final long LONGEST_REQUEST = Duration.ofDays(1).toMillis();
  private static final int USUAL = 100;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
  private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{1,16})-([0-9a-f]{1,16})");

  /**
   * Reads it.
   *
   * @throws ApiException 400, with the parameter that is wrong
   */
  static UsagePage of(QueryParameters query) {
    int limit = limit(query.find(LIMIT));
    String requestId = query.get(REQUEST_ID);
    String after = query.find(AFTER);
    if (after == null) {
      return new UsagePage(limit, Long.MAX_VALUE, Long.MAX_VALUE, requestId);
    }
    Matcher cursor = CURSOR.matcher(after);
    if (!cursor.matches()) {
      throw ApiException.invalidRequest("'after' must be the 'next' of a page before", AFTER);
    }
    return new UsagePage(
        limit,
        Long.parseUnsignedLong(cursor.group(1), 16),
        Long.parseUnsignedLong(cursor.group(2), 16),
        requestId);
  }

  private static int limit(@Nullable String value) {
    int limit =
        value == null ? USUAL : NUMBER.matcher(value).matches() ? Integer.parseInt(value) : 0;
    if (limit < 1 || limit > MOST) {
      throw ApiException.invalidRequest(
          "'limit' must be a whole number from 1 to %d".formatted(MOST), LIMIT);
    }
    return limit;
  }

  /** What SQL calls it: with one row more, which tells whether there is another page. */
  Map<String, Object> toSql(UsageFilter filter) {
    Map<String, Object> sql = filter.toSql();
    long from = millis(filter.from());
    long to = millis(filter.to().plusDays(1));
    sql.put("leastId", RowIds.least(from));
    sql.put("fromMillis", from);
    sql.put("toMillis", to);
    // Ids grow with the time of the end: those of all later requests need not be looked at.
    sql.put("afterId", Math.min(afterId, RowIds.least(to + LONGEST_REQUEST)));
    sql.put("afterJournal", afterJournal);
    sql.put("requestId", requestId);
    sql.put(LIMIT, limit + 1);
    return sql;
  }

  private static long millis(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  ObjectNode toJson(List<Map<String, Object>> rows) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("object", "list");
    ArrayNode data = json.putArray("data");
    boolean more = rows.size() > limit;
    List<Map<String, Object>> page = more ? rows.subList(0, limit) : rows;
    page.forEach(row -> add(data.addObject(), row));
    json.put("has_more", more);
    json.put("next", more ? cursor(page.getLast()) : null);
    return json;
  }

  private static String cursor(Map<String, Object> row) {
    return "%x-%x".formatted(number(row, "id"), number(row, "journal"));
  }

  private static void add(ObjectNode json, Map<String, Object> row) {
    String key = String.valueOf(row.get("key_id"));
    long firstToken = number(row, "first_token_ms");
    json.put("id", cursor(row))
        .put("at", Instant.ofEpochMilli(number(row, "at")).toString())
        .put(REQUEST_ID, text(row, REQUEST_ID))
        .put("key", key)
        .put("key_name", UsageReport.keyName(key, row.get("key_name")))
        .put("team", text(row, "team"))
        .put("route", text(row, "route"))
        .put("model", text(row, "model"))
        .put("prompt_tokens", number(row, "prompt_tokens"))
        .put("cached_tokens", number(row, "cached_tokens"))
        .put("completion_tokens", number(row, "completion_tokens"))
        .put("cost_usd", UsageReport.usd(number(row, "cost_nano_usd")))
        .put("status", number(row, "status"))
        .put("outcome", text(row, "outcome"))
        .put("cache", text(row, "cache"))
        .put("latency_ms", number(row, "latency_ms"))
        .put("first_token_ms", firstToken < 0 ? null : (Long) firstToken);
  }

  private static @Nullable String text(Map<String, Object> row, String column) {
    Object value = row.get(column);
    return value == null ? null : value.toString();
  }

  private static long number(Map<String, Object> row, String column) {
    return row.get(column) instanceof Number number ? number.longValue() : 0;
  }
}
