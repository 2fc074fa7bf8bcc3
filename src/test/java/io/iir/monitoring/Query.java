package io.iir.monitoring;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Prometheus is asked.
 *
 * @param file which lists it, without its ending
 * @param title of the panel, name of the variable, the record or the alert
 * @param kind what becomes of the answer
 * @param expression in PromQL, with Grafana's variables
 * @param legend how Grafana names the series; empty where it does not
 */
public record Query(String file, String title, Kind kind, String expression, String legend) {

  /** What becomes of an answer. */
  public enum Kind {
    /** It is shown. */
    PANEL,
    /** Lines across graphs. */
    ANNOTATION,
    /** The values that a dashboard's variable may have. */
    VARIABLE,
    /** Kept as a series. */
    RECORD,
    /** Wakes somebody where there is one. */
    ALERT
  }

  /**
   * A selector: which series are read.
   *
   * @param metric their name
   * @param matchers such as {@code state="open"}, one each
   */
  public record Selector(String metric, List<String> matchers) {

    /** As PromQL has it. */
    public String text() {
      return metric + "{" + String.join(", ", matchers) + "}";
    }
  }

  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern SELECTOR =
      Pattern.compile("(?<![\\w:\"])([a-zA-Z_:][\\w:]*+)(?:\\{([^}]*)})?(?!\\s*\\()");
  private static final Pattern MATCHER = Pattern.compile("\\w+\\s*(?:=~|!~|!=|=)\\s*\"[^\"]*\"");
  private static final Pattern LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");

  /** Where it stands, for people. */
  public String name() {
    return file + ": " + title;
  }

  /** The expression as Grafana sends it with all gateways, providers and rules chosen. */
  public String resolved() {
    return expression
        .replace("$instance", ".*")
        .replace("$provider", ".*")
        .replace("$rule", ".*")
        .replace("$__rate_interval", "4s"); // four times the interval of scrapes
  }

  /** Which series it reads. */
  public List<Selector> selectors() {
    String text = resolved();
    text = GROUPING.matcher(RANGE.matcher(text).replaceAll("")).replaceAll(" ");
    return SELECTOR
        .matcher(text)
        .results()
        .filter(hit -> !WORDS.contains(hit.group(1)))
        .map(hit -> new Selector(hit.group(1), matchers(hit)))
        .distinct()
        .toList();
  }

  private static List<String> matchers(MatchResult hit) {
    String braces = hit.group(2);
    return braces == null
        ? List.of()
        : MATCHER.matcher(braces).results().map(MatchResult::group).toList();
  }

  /** The labels that it groups by, or that the legend shows. */
  public Set<String> labels() {
    Stream<String> grouped =
        GROUPING
            .matcher(expression)
            .results()
            .flatMap(hit -> Stream.of(hit.group(1).split("\\s*,\\s*")))
            .filter(label -> !label.isEmpty() && !label.equals("le"));
    return Stream.concat(grouped, legendLabels()).collect(Collectors.toUnmodifiableSet());
  }

  /** The labels that the legend shows. */
  public Stream<String> legendLabels() {
    Matcher labels = LABEL.matcher(legend);
    return labels.results().map(hit -> hit.group(1));
  }

  @Override
  public String toString() {
    return name();
  }
}
