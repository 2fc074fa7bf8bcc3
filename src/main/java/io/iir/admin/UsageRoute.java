package io.iir.admin;

import io.iir.openai.ApiException;
import io.iir.usage.LedgerWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * The endpoints {@code /api/v1/usage}: what was used and what it cost, as sums and request by
 * request. What this gateway has not written yet is written first.
 */
@Component
public class UsageRoute extends AdminEndpoints {

  private static final String ALL = "platform-http:/api/v1/usage";
  private static final String LIST = "?outputType=SelectList";
  private static final String FORMAT = "format";
  private static final String CSV = "text/csv";
  private static final int MOST_GROUPS = 100_000;
  private static final Set<String> SUMS =
      Set.of(
          UsageFilter.FROM,
          UsageFilter.TO,
          UsageFilter.KEY,
          UsageFilter.TEAM,
          UsageFilter.MODEL,
          UsageGrouping.PARAMETER,
          FORMAT);
  private static final Set<String> ROWS =
      Set.of(
          UsageFilter.FROM,
          UsageFilter.TO,
          UsageFilter.KEY,
          UsageFilter.TEAM,
          UsageFilter.MODEL,
          UsagePage.REQUEST_ID,
          UsagePage.LIMIT,
          UsagePage.AFTER);

  private final LedgerWriter writer;
  private final Clock clock;

  /** The endpoints over what {@code writer} writes. */
  public UsageRoute(LedgerWriter writer, Clock clock) {
    this.writer = writer;
    this.clock = clock;
  }

  @Override
  public void configure() {
    endpoint("usage", ALL + "?httpMethodRestrict=GET", "Shows what was used, in sums")
        .process(this::askForSums)
        .id("usage.ask")
        .to("sql:classpath:sql/usage/select-sums.sql" + LIST)
        .id("usage.select")
        .process(this::renderSums)
        .id("usage.render");

    endpoint(
            "usage-requests",
            ALL + "/requests?httpMethodRestrict=GET",
            "Shows what each request used, newest first")
        .process(this::askForRows)
        .id("usage-requests.ask")
        .to("sql:classpath:sql/usage/select-rows.sql" + LIST)
        .id("usage-requests.select")
        .process(this::renderRows)
        .id("usage-requests.render");
  }

  private void askForSums(Exchange exchange) throws InterruptedException {
    QueryParameters query = QueryParameters.of(exchange, SUMS);
    Map<String, Object> sql = new HashMap<>(filter(query).toSql());
    sql.putAll(UsageGrouping.of(query).toSql());
    sql.put("most", MOST_GROUPS + 1);
    wantsCsv(exchange, query);
    exchange.getMessage().setBody(sql);
    writer.writeNow();
  }

  private void renderSums(Exchange exchange) {
    QueryParameters query = QueryParameters.of(exchange, SUMS);
    if (rows(exchange).size() > MOST_GROUPS) {
      throw ApiException.invalidRequest(
          "a report has %d groups at most: ask for fewer days, or group by less"
              .formatted(MOST_GROUPS),
          UsageGrouping.PARAMETER);
    }
    UsageReport report =
        new UsageReport(
            filter(query),
            UsageGrouping.of(query),
            rows(exchange).stream().map(UsageReport.Group::of).toList());
    if (wantsCsv(exchange, query)) {
      exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
      exchange
          .getMessage()
          .setHeader(Exchange.CONTENT_TYPE, CSV + "; charset=utf-8; header=present");
      exchange.getMessage().setBody(report.toCsv());
    } else {
      render(exchange, 200, report.toJson());
    }
  }

  private void askForRows(Exchange exchange) throws InterruptedException {
    QueryParameters query = QueryParameters.of(exchange, ROWS);
    exchange.getMessage().setBody(UsagePage.of(query).toSql(filter(query)));
    writer.writeNow();
  }

  private void renderRows(Exchange exchange) {
    render(exchange, 200, UsagePage.of(QueryParameters.of(exchange, ROWS)).toJson(rows(exchange)));
  }

  private UsageFilter filter(QueryParameters query) {
    Instant now = clock.instant();
    return UsageFilter.of(query, LocalDate.ofInstant(now, ZoneOffset.UTC));
  }

  private static boolean wantsCsv(Exchange exchange, QueryParameters query) {
    String format = query.find(FORMAT);
    if (format == null) {
      return exchange.getMessage().getHeader("accept", "", String.class).contains(CSV);
    }
    if (!format.equals("csv") && !format.equals("json")) {
      throw ApiException.invalidRequest("'format' must be json or csv", FORMAT);
    }
    return format.equals("csv");
  }

  @SuppressWarnings("unchecked") // what camel-sql's SelectList is documented to give
  private static List<Map<String, Object>> rows(Exchange exchange) {
    return exchange.getMessage().getBody(List.class);
  }
}
