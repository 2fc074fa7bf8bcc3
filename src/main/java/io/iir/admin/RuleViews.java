package io.iir.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.rules.BacktestReport;
import io.iir.rules.RuleStatus;
import io.iir.rules.RuleVersion;
import io.iir.rules.language.Problem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules as an administrator sees them: JSON, times in ISO 8601 (UTC). Pure functions. */
public final class RuleViews {

  private static final JsonMapper JSON = new JsonMapper();

  private RuleViews() {}

  /** How all rules are. */
  static ObjectNode list(List<RuleStatus> rules) {
    ObjectNode view = JSON.createObjectNode().put("object", "list");
    ArrayNode data = view.putArray("data");
    rules.forEach(rule -> data.add(of(rule)));
    return view;
  }

  /** How a rule is. */
  static ObjectNode of(RuleStatus rule) {
    ObjectNode view = JSON.createObjectNode();
    view.put("id", rule.id());
    view.put("object", "rule");
    view.put("file", rule.file());
    Instant since = rule.activeSince();
    view.put("version", rule.version() == 0 ? null : rule.version());
    view.put("hash", rule.hash());
    view.put("active_since", since == null ? null : since.toString());
    view.put("source", word(rule.source()));
    ArrayNode branches = view.putArray("branches");
    for (RuleStatus.BranchStatus each : rule.branches()) {
      branches
          .addObject()
          .put("id", each.branch().id())
          .put("line", each.branch().line())
          .put("condition", each.branch().condition())
          .put("description", each.branch().description())
          .put("hits", each.hits());
    }
    Problem last = rule.lastError();
    view.set("last_error", last == null ? null : of(last));
    view.set("errors", of(rule.problems()));
    return view;
  }

  /** The texts of a rule. */
  static ObjectNode versions(List<RuleVersion> versions) {
    ObjectNode view = JSON.createObjectNode().put("object", "list");
    ArrayNode data = view.putArray("data");
    for (RuleVersion version : versions) {
      data.addObject()
          .put("version", version.number())
          .put("object", "rule_version")
          .put("file", version.file())
          .put("hash", version.hash())
          .put("at", version.at().toString())
          .put("source", word(version.source()))
          .put("outcome", word(version.outcome()))
          .put("author", version.author())
          .put("text", version.text())
          .set("errors", of(version.problems()));
    }
    return view;
  }

  /** What came of checking a text as the rule {@code id}. */
  static ObjectNode validation(String id, List<Problem> problems) {
    return validation(problems).put("rule", id);
  }

  /** What came of checking texts. */
  public static ObjectNode validation(List<Problem> problems) {
    ObjectNode view = JSON.createObjectNode().put("valid", problems.isEmpty());
    view.set("errors", of(problems));
    return view;
  }

  /** What an edit of the rule {@code id} would have changed. */
  public static ObjectNode of(String id, BacktestReport report) {
    ObjectNode view = JSON.createObjectNode().put("object", "backtest").put("rule", id);
    view.setAll(of(report.total()));
    ArrayNode moves = view.putArray("moves");
    report
        .moves()
        .forEach(move ->
            moves
                .addObject()
                .put("from", move.from())
                .put("to", move.to())
                .put("decisions", move.decisions()));
    ObjectNode categories = view.putObject("by_category");
    report.byCategory().forEach((name, totals) -> categories.set(name, of(totals)));
    ObjectNode teams = view.putObject("by_team");
    report.byTeam().forEach((name, totals) -> teams.set(name, of(totals)));
    ArrayNode failures = view.putArray("failures");
    for (Map.Entry<String, Integer> failure : report.failures().entrySet()) {
      failures.addObject().put("message", failure.getKey()).put("decisions", failure.getValue());
    }
    return view;
  }

  private static ObjectNode of(BacktestReport.Totals totals) {
    return JSON.createObjectNode()
        .put("decisions", totals.decisions())
        .put("changed", totals.changed())
        .put("unpriced", totals.unpriced())
        .put("usd_before", usd(totals.nanoUsdBefore()))
        .put("usd_after", usd(totals.nanoUsdAfter()));
  }

  /** USD, exact, of billionths. */
  static BigDecimal usd(long nanoUsd) {
    return BigDecimal.valueOf(nanoUsd, 9);
  }

  static ArrayNode of(List<Problem> problems) {
    ArrayNode all = JSON.createArrayNode();
    problems.forEach(problem -> all.add(of(problem)));
    return all;
  }

  private static ObjectNode of(Problem problem) {
    return JSON.createObjectNode()
        .put("file", problem.file())
        .put("line", problem.line())
        .put("column", problem.column())
        .put("message", problem.message())
        .put("hint", problem.hint());
  }

  private static @Nullable String word(@Nullable Enum<?> value) {
    return value == null ? null : value.name().toLowerCase(Locale.ROOT);
  }
}
