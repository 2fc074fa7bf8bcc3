package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.monitoring.Monitoring;
import io.iir.monitoring.Query;
import io.iir.monitoring.Query.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Dashboards and alerts name only what there is. That their queries find something is tested with
 * Prometheus itself ({@code PrometheusIT}).
 */
class MonitoringTest {

  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"(.*)\"");

  /** The labels that Prometheus puts on what it scrapes, and on alerts. */
  private static final Set<String> LABELS =
      Set.of("instance", "job", "le", "alertname", "alertstate", "severity");

  /** What is not in the table of meters: the Java machine's, and Prometheus' own. */
  private static final Pattern OTHERS =
      Pattern.compile("(jvm|process|hikaricp)_\\w+|iir:[\\w:]+|up|ALERTS");

  /** The metrics that are documented, each with its tags as the document has them. */
  private static final Map<String, String> METRICS = metrics();

  private static final Set<String> ROUTES =
      new HashSet<>(Markdown.read("docs/ARCHITECTURE.md").section("Routes").firstCells());

  private static Map<String, String> metrics() {
    Map<String, String> all = new HashMap<>();
    for (List<String> row : Markdown.read("docs/MONITORING.md").section("Metrics").rows()) {
      if (row.size() == 5) {
        String tags = row.get(4).replace("gen_ai.", "gen_ai_").replaceAll("(\\w)\\.(\\w)", "$1_$2");
        List<String> parts =
            switch (row.get(2)) {
              case "histogram" -> List.of("_bucket", "_count", "_sum", "_max");
              case "summary" -> List.of("_count", "_sum", "_max");
              default -> List.of("");
            };
        parts.forEach(part -> all.put(row.get(1) + part, tags));
      }
    }
    return all;
  }

  static Stream<Query> queries() {
    return Monitoring.queries().stream();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void whatIsReadExistsWithTheseTags(Query query) {
    StringBuilder tags = new StringBuilder();
    for (Selector selector : query.selectors()) {
      String documented = METRICS.get(selector.metric());
      if (documented == null) {
        assertThat(selector.metric()).matches(OTHERS);
        tags.append(" any");
      } else {
        tags.append(' ').append(documented);
        selector.matchers().forEach(matcher -> fits(matcher, documented));
      }
    }
    if (!tags.toString().contains(" any")) {
      assertThat(query.labels())
          .allSatisfy(label ->
              assertThat(LABELS.contains(label) || names(tags.toString(), label))
                  .as("tag %s of %s", label, query.expression())
                  .isTrue());
    }
  }

  private static boolean names(String tags, String label) {
    return Pattern.compile("\\b" + label + "\\b").matcher(tags).find();
  }

  private static void fits(String matcher, String tags) {
    MatchResult parts = MATCHER.matcher(matcher).results().findFirst().orElseThrow();
    String label = parts.group(1);
    if (LABELS.contains(label)) {
      return;
    }
    assertThat(names(tags, label)).as("tag %s among %s", label, tags).isTrue();
    for (String value : parts.group(2).split("\\|", -1)) {
      if (value.matches("[\\w-]+") && !value.equals("none")) { // no pattern
        assertThat(names(tags, value) || ROUTES.contains(value) || label.equals("step"))
            .as("value %s of %s among %s", value, label, tags)
            .isTrue();
      }
    }
  }

  @Test
  void recordsThatAreReadAreRecorded() {
    Set<String> recorded = new TreeSet<>();
    Set<String> read = new TreeSet<>();
    for (Query query : Monitoring.queries()) {
      if (query.kind() == Query.Kind.RECORD) {
        recorded.add(query.title());
      }
      query.selectors().stream()
          .map(Selector::metric)
          .filter(metric -> metric.startsWith("iir:"))
          .forEach(read::add);
    }
    assertThat(read).isEqualTo(recorded);
  }

  @Test
  void eachAlertHasItsHeadingAndEachHeadingItsAlert() {
    Markdown section = Markdown.read("docs/TROUBLESHOOTING.md").section("Alerts");
    List<String> headings =
        section
            .text()
            .lines()
            .filter(line -> line.startsWith("### "))
            .map(line -> line.substring(4))
            .toList();
    List<String> names = new ArrayList<>();
    for (JsonNode alert : Monitoring.alerts()) {
      String name = alert.path("alert").asText();
      names.add(name);
      assertThat(alert.path("annotations").path("runbook_url").asText())
          .isEqualTo("docs/TROUBLESHOOTING.md#" + name.toLowerCase(Locale.ROOT));
      assertThat(alert.path("annotations").path("summary").asText()).isNotEmpty();
      assertThat(alert.path("labels").path("severity").asText()).isIn("critical", "warning");
      assertThat(section.section(name).text()).contains("**Means:**", "**Look:**", "**Do:**");
    }
    assertThat(headings).isEqualTo(names).hasSizeGreaterThan(12).doesNotHaveDuplicates();
  }

  @Test
  void eachAlertIsTestedToFireAndNotTo() {
    Set<String> fires = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    for (Path file : Monitoring.files(Monitoring.PROMETHEUS.resolve("tests"), ".yml")) {
      for (JsonNode test : Monitoring.yaml(file).path("tests")) {
        for (JsonNode check : test.path("alert_rule_test")) {
          (check.path("exp_alerts").isEmpty() ? silent : fires)
              .add(check.path("alertname").asText());
        }
      }
    }
    assertThat(Monitoring.alerts())
        .extracting(alert -> alert.path("alert").asText())
        .allSatisfy(name -> assertThat(fires).contains(name))
        .allSatisfy(name -> assertThat(silent).contains(name));
  }

  @Test
  void dashboardsAreOfOneKind() {
    Set<String> uids = new HashSet<>();
    JsonNode source =
        Monitoring.yaml(Monitoring.GRAFANA.resolve("provisioning/datasources/prometheus.yml"))
            .path("datasources")
            .path(0);
    Monitoring.dashboards()
        .forEach((file, dashboard) -> {
          assertThat(dashboard.path("uid").asText()).isEqualTo("iir-" + file);
          assertThat(uids.add(dashboard.path("uid").asText())).isTrue();
          assertThat(dashboard.path("schemaVersion").asInt()).isEqualTo(39);
          JsonNode variables = dashboard.path("templating").path("list");
          assertThat(variables.path(0).path("current").path("value")).isEqualTo(source.path("uid"));
          Set<String> names = new HashSet<>();
          variables.forEach(variable -> names.add("$" + variable.path("name").asText()));
          for (JsonNode panel : Monitoring.panels(dashboard)) {
            checkPanel(file, panel, names);
          }
          assertThat(Monitoring.list(dashboard.path("panels")))
              .extracting(panel -> panel.path("id").asInt())
              .doesNotHaveDuplicates();
          assertThatNothingOverlaps(dashboard);
        });
    assertThat(uids).hasSize(5);
  }

  private static void checkPanel(String file, JsonNode panel, Set<String> variables) {
    String name = file + ": " + panel.path("title").asText();
    assertThat(panel.path("title").asText()).as(name).isNotEmpty();
    assertThat(panel.path("description").asText()).as(name).isNotEmpty();
    assertThat(panel.path("datasource").path("uid").asText()).as(name).isEqualTo("${datasource}");
    assertThat(panel.path("fieldConfig").path("defaults").path("unit").asText())
        .as(name)
        .isNotEmpty();
    assertThat(panel.path("fieldConfig").path("defaults").path("noValue").asText())
        .as("%s: what it shows where there is nothing", name)
        .isNotEmpty();
    assertThat(Monitoring.list(panel.path("targets")))
        .as(name)
        .isNotEmpty()
        .extracting(target -> target.path("refId").asText())
        .doesNotHaveDuplicates();
    for (JsonNode target : panel.path("targets")) {
      assertThat(target.path("expr").asText())
          .as("%s: a query that cannot be empty finds no mistake in itself", name)
          .doesNotContainPattern("or on ?\\(|vector\\(");
      if (target.path("legendFormat").asText().equals("{{outcome}}")) {
        assertThat(panel.path("fieldConfig").path("overrides"))
            .as("%s: colours", name)
            .isNotEmpty();
      }
      List<String> used =
          Pattern.compile("\\$\\w+")
              .matcher(target.path("expr").asText())
              .results()
              .map(MatchResult::group)
              .filter(variable -> !variable.equals("$__rate_interval"))
              .toList();
      assertThat(variables).as(name).containsAll(used);
    }
  }

  private static void assertThatNothingOverlaps(JsonNode dashboard) {
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      JsonNode place = panel.path("gridPos");
      int right = place.path("x").asInt() + place.path("w").asInt();
      int bottom = place.path("y").asInt() + place.path("h").asInt();
      assertThat(right).isLessThanOrEqualTo(24);
      for (int x = place.path("x").asInt(); x < right; x++) {
        for (int y = place.path("y").asInt(); y < bottom; y++) {
          assertThat(taken.add(x + "," + y)).as(panel.path("title").asText()).isTrue();
        }
      }
    }
  }

  /** The services that compose starts are those that Prometheus looks for. */
  @Test
  void prometheusLooksForTheGatewaysOfTheComposeFile() {
    JsonNode job =
        Monitoring.yaml(Monitoring.PROMETHEUS.resolve("prometheus.yml"))
            .path("scrape_configs")
            .path(0);
    assertThat(job.path("job_name").asText()).isEqualTo("iir");
    JsonNode services = Yaml.read(Path.of("docker-compose.yml")).path("services");
    assertThat(Monitoring.list(job.path("dns_sd_configs").path(0).path("names")))
        .extracting(JsonNode::asText)
        .containsExactly("gateway", "gateway-1", "gateway-2")
        .allSatisfy(name -> assertThat(services.has(name)).isTrue());
  }
}
