package io.iir.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.monitoring.Query.Kind;
import io.iir.monitoring.Query.Selector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every query of every dashboard, alert and record finds something, asked of a real Prometheus that
 * watches a gateway under the {@link StandardLoad}. Writes what each found to {@code
 * target/monitoring.md}.
 */
@Tag("prometheus")
class PrometheusIT {

  private static final ConcurrentHashMap<Query, Integer> FOUND = new ConcurrentHashMap<>();

  @TempDir static Path temp;

  @SuppressWarnings("NullAway.Init") // set before all
  private static WatchedGateway watched;

  @BeforeAll
  static void loadAGateway() throws IOException {
    watched = new WatchedGateway(temp, 2); // a rate needs what was there before
  }

  @AfterAll
  static void stop() throws IOException {
    watched.close();
    List<String> lines = new ArrayList<>();
    lines.add("| where | what | query | series found |");
    lines.add("|---|---|---|---|");
    for (Query query : Monitoring.queries()) {
      lines.add(
          "| %s | %s | `%s` | %s |"
              .formatted(
                  query.file(),
                  query.title(),
                  query.expression().replace("|", "\\|"),
                  FOUND.getOrDefault(query, 0)));
    }
    Files.write(Path.of("target/monitoring.md"), lines);
  }

  static Stream<Query> queries() {
    return Monitoring.queries().stream();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aQueryFindsSomething(Query query) {
    List<JsonNode> found =
        watched.prometheus().since(watched.start(), query.resolved()).stream()
            .filter(PrometheusIT::hasNumbers)
            .toList();
    FOUND.put(query, found.size());
    if (query.kind() != Kind.ALERT) { // which should find nothing
      assertThat(found).as(query.resolved()).isNotEmpty();
    }
    query
        .legendLabels()
        .forEach(label ->
            assertThat(found)
                .as("series of %s with a label %s", query.resolved(), label)
                .anyMatch(series -> series.path("metric").has(label)));
  }

  private static boolean hasNumbers(JsonNode series) {
    return Monitoring.list(series.path("values")).stream()
        .anyMatch(value -> !value.path(1).asText().equals("NaN"));
  }

  /** Also where nothing is zero, or an alert is silent: what they read is there. */
  @ParameterizedTest
  @MethodSource("queries")
  void allThatAQueryReadsIsThere(Query query) {
    for (Selector selector : query.selectors()) {
      assertThat(watched.prometheus().now("last_over_time(" + selector.text() + "[10m])"))
          .as(selector.text())
          .isNotEmpty();
    }
  }

  @Test
  void prometheusTakesAllRules() {
    JsonNode groups = watched.prometheus().api("/api/v1/rules").path("groups");
    List<JsonNode> rules = new ArrayList<>();
    groups.forEach(group -> rules.addAll(Monitoring.list(group.path("rules"))));
    assertThat(rules)
        .hasSameSizeAs(Monitoring.rules().values().stream().flatMap(List::stream).toList());
    assertThat(rules).allMatch(rule -> rule.path("health").asText().equals("ok"));
  }

  @Test
  void promtoolTakesTheConfiguration() throws Exception {
    promtool("check", "config", Monitoring.PROMETHEUS.resolve("prometheus.yml").toString());
  }

  @Test
  void eachAlertFiresWhenItShouldAndOnlyThen() throws Exception {
    List<String> command = new ArrayList<>(List.of("test", "rules"));
    Monitoring.files(Monitoring.PROMETHEUS.resolve("tests"), ".yml")
        .forEach(file -> command.add(file.toString()));
    promtool(command.toArray(String[]::new));
  }

  private static void promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(PrometheusServer.program("promtool")));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(said).isZero();
  }
}
