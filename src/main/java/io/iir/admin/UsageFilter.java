package io.iir.admin;

import io.iir.openai.ApiException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose usage is asked for, and when.
 *
 * @param from the first day, in UTC
 * @param to the last
 * @param key a key's id or name; empty: all
 * @param team a team; empty: all
 * @param model a model; empty: all
 * @param provider what models' names begin with, slash included; empty: all
 */
record UsageFilter(
    LocalDate from, LocalDate to, String key, String team, String model, String provider) {

  static final String FROM = "from";
  static final String TO = "to";
  static final String KEY = "key";
  static final String TEAM = "team";
  static final String MODEL = "model";
  private static final String ALL_OF_PROVIDER = "/*";

  /**
   * Reads it; without days they are those of this month so far.
   *
   * @throws ApiException 400, with the parameter that is wrong
   */
  static UsageFilter of(QueryParameters query, LocalDate today) {
    LocalDate to = day(query, TO);
    LocalDate last = to == null ? today : to;
    LocalDate from = day(query, FROM);
    LocalDate first = from == null ? last.withDayOfMonth(1) : from;
    if (first.isAfter(last)) {
      throw ApiException.invalidRequest(
          "'from' (%s) must not be after 'to' (%s)".formatted(first, last), FROM);
    }
    String model = query.get(MODEL);
    boolean all = model.endsWith(ALL_OF_PROVIDER);
    return new UsageFilter(
        first,
        last,
        query.get(KEY),
        query.get(TEAM),
        all ? "" : model,
        all ? model.substring(0, model.length() - 1) : "");
  }

  private static @Nullable LocalDate day(QueryParameters query, String name) {
    String value = query.find(name);
    if (value == null) {
      return null;
    }
    try {
      LocalDate day = LocalDate.parse(value);
      if (day.getYear() >= 1 && day.getYear() <= 9999) {
        return day;
      }
    } catch (DateTimeException e) {
      // told below
    }
    throw ApiException.invalidRequest(
        "'%s' must be a day such as 2026-07-31, in UTC".formatted(name), name);
  }

  /** What SQL calls it. */
  Map<String, Object> toSql() {
    Map<String, Object> sql = new HashMap<>();
    sql.put(FROM, from.toString());
    sql.put(TO, to.toString());
    sql.put(KEY, key);
    sql.put(TEAM, team);
    sql.put(MODEL, model);
    sql.put("provider", provider);
    return sql;
  }
}
