package io.iir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What would be done with a request, for people. */
final class ExplainText {

  private final JsonNode view;

  /** The text of {@code view}, the API's answer. */
  ExplainText(JsonNode view) {
    this.view = view;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("request\n").append(variables());
    text.append("\npath\n").append(path());
    text.append('\n').append(outcome());
    if (view.path("chosen").isArray()) {
      text.append("\nmodels, best first\n").append(chosen());
    }
    if (!view.path("left_out").isEmpty()) {
      text.append("\nleft out\n").append(leftOut());
    }
    return text.toString();
  }

  private Columns variables() {
    Columns all = new Columns("lll");
    view.path("variables")
        .properties()
        .forEach(each -> all.row("", each.getKey(), Json.text(each.getValue())));
    view.path("headers")
        .properties()
        .forEach(each -> all.row("", "header." + each.getKey(), Json.text(each.getValue())));
    return all;
  }

  /**
   * Each branch that the request comes to: where, whether it is taken, its facts, its condition.
   */
  private Columns path() {
    Columns all = new Columns("lllll");
    for (JsonNode step : view.path("path")) {
      String where = step.path("rule").asText() + ":" + step.path("line").asText();
      List<String> asked = new ArrayList<>();
      step.path("asked")
          .properties()
          .forEach(fact -> asked.add(fact.getKey() + "=" + Json.text(fact.getValue())));
      all.row(
          "",
          where,
          step.path("taken").asBoolean() ? "yes" : "no",
          String.join(", ", asked),
          step.path("condition").isTextual() ? step.path("condition").asText() : "otherwise");
    }
    return all;
  }

  private Columns outcome() {
    Columns all = new Columns("ll");
    List<String> versions = new ArrayList<>();
    view.path("rules")
        .properties()
        .forEach(rule ->
            versions.add(
                rule.getValue().asLong() == 0
                    ? rule.getKey()
                    : rule.getKey() + " version " + rule.getValue().asLong()));
    all.row("rules", String.join(", ", versions));
    JsonNode fallback = view.path("fallback");
    if (fallback.isObject()) {
      all.row("fails with", fallback.path("message").asText());
    }
    optional(all, "targets", view.path("targets"));
    optional(all, "reason", view.path("reason"));
    optional(all, "cacheTtl", view.path("cache_ttl"));
    optional(all, "timeout", view.path("timeout"));
    if (!view.path("tags").isEmpty()) {
      optional(all, "tags", view.path("tags"));
    }
    if (view.path("quality").isObject()) {
      all.row("quality", quality(view.path("quality")));
    }
    optional(all, "cache", view.path("cache"));
    if (view.path("tokens").isObject()) {
      all.row(
          "tokens",
          "%d prompt, %d answer (estimated)"
              .formatted(
                  view.at("/tokens/prompt").asLong(), view.at("/tokens/completion").asLong()));
    }
    return all;
  }

  /** Which of two models is asked first where price decides, and by what. */
  private static String quality(JsonNode quality) {
    String first = quality.path("asks").asText();
    JsonNode threshold = quality.path("threshold");
    return "%s first, complexity %s, %s"
        .formatted(
            quality.path(first).asText(),
            Json.text(quality.path("complexity")),
            threshold.isNumber()
                ? "%s from %s on".formatted(quality.path("strong").asText(), Json.text(threshold))
                : "no threshold is known");
  }

  private static void optional(Columns all, String name, JsonNode value) {
    if (!Json.text(value).isEmpty()) {
      all.row(name, Json.text(value));
    }
  }

  private Object chosen() {
    if (view.path("chosen").isEmpty()) {
      return "  none\n";
    }
    Columns all = new Columns("llrl");
    for (JsonNode model : view.path("chosen")) {
      boolean priced = model.path("usd").isNumber();
      all.row(
          "",
          model.path("model").asText(),
          priced ? Json.usd(model.path("usd")) : "price unknown",
          priced ? "USD" : "");
    }
    return all;
  }

  private Columns leftOut() {
    Columns all = new Columns("lll");
    for (JsonNode model : view.path("left_out")) {
      all.row("", model.path("model").asText(), model.path("why").asText());
    }
    return all;
  }
}
