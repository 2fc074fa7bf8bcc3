package io.iir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** What a backtest found, for people. */
final class BacktestText {

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final JsonNode report;

  /** The text of {@code report}, the API's answer. */
  BacktestText(JsonNode report) {
    this.report = report;
  }

  /** All of it in one sentence. */
  static String sentence(JsonNode report) {
    return "%s of %s recorded requests would go elsewhere, at %s USD in the place of %s."
        .formatted(
            count(report.path("changed")),
            count(report.path("decisions")),
            Json.usd(report.path("usd_after")),
            Json.usd(report.path("usd_before")));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        new Columns("ll")
            .row("decisions", count(report.path("decisions")))
            .row("changed", count(report.path("changed")) + share())
            .row("unpriced", count(report.path("unpriced")))
            .row("cost, USD", cost()));
    if (!report.path("moves").isEmpty()) {
      Columns moves = new Columns("llr").row("from", "to", "decisions");
      for (JsonNode move : report.path("moves")) {
        moves.row(
            move.path("from").asText(), move.path("to").asText(), count(move.path("decisions")));
      }
      text.append('\n').append(moves);
    }
    text.append(groups("category", report.path("by_category")));
    text.append(groups("team", report.path("by_team")));
    if (!report.path("failures").isEmpty()) {
      Columns failures = new Columns("lr").row("fails with", "decisions");
      for (JsonNode failure : report.path("failures")) {
        failures.row(failure.path("message").asText(), count(failure.path("decisions")));
      }
      text.append('\n').append(failures);
    }
    return text.toString();
  }

  private static String groups(String name, JsonNode groups) {
    if (groups.isEmpty()) {
      return "";
    }
    Columns table =
        new Columns("lrrrrr")
            .row(name, "decisions", "changed", "unpriced", "USD before", "USD after");
    groups
        .properties()
        .forEach(group ->
            table.row(
                group.getKey().isEmpty() ? "(none)" : group.getKey(),
                count(group.getValue().path("decisions")),
                count(group.getValue().path("changed")),
                count(group.getValue().path("unpriced")),
                Json.usd(group.getValue().path("usd_before")),
                Json.usd(group.getValue().path("usd_after"))));
    return "\n" + table;
  }

  private String cost() {
    BigDecimal before = report.path("usd_before").decimalValue();
    BigDecimal after = report.path("usd_after").decimalValue();
    String change =
        before.signum() == 0
            ? ""
            : " (%s %%)".formatted(percent(after.subtract(before), before, "+"));
    return "%s -> %s%s"
        .formatted(Json.usd(report.path("usd_before")), Json.usd(report.path("usd_after")), change);
  }

  private String share() {
    BigDecimal all = report.path("decisions").decimalValue();
    return all.signum() == 0
        ? ""
        : " (%s %%)".formatted(percent(report.path("changed").decimalValue(), all, ""));
  }

  private static String percent(BigDecimal part, BigDecimal of, String plus) {
    BigDecimal percent = part.multiply(HUNDRED).divide(of, 1, RoundingMode.HALF_UP);
    return (percent.signum() > 0 ? plus : "") + percent.toPlainString();
  }

  private static String count(JsonNode number) {
    return String.format(Locale.ROOT, "%,d", number.asLong());
  }
}
