package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.iir.house.Markdown;
import io.iir.house.Yaml;
import io.iir.metrics.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the Helm chart says of the gateway is so. {@link HelmIT} renders it. */
class ChartTest {

  private static final Markdown CONFIGURATION = Markdown.read("docs/CONFIGURATION.md");
  private static final Pattern VALUE = Pattern.compile("\\.Values\\.([A-Za-z.]*[A-Za-z])");
  private static final Pattern VARIABLE = Pattern.compile("- name: ([A-Z][A-Z_]+)\n");
  private static final Path DEPLOYMENT = Chart.FOLDER.resolve("templates/deployment.yaml");

  @Test
  void itIsOfTheProjectsVersion() throws IOException {
    String pom = Files.readString(Path.of("pom.xml")).replaceAll("(?s)<parent>.*?</parent>", "");
    assertThat(Chart.about().path("appVersion").asText())
        .isEqualTo(pom.replaceAll("(?s)^.*?<version>(.*?)</version>.*$", "$1"));
    assertThat(Chart.value("image.tag").asText()).isEmpty();
  }

  @Test
  void valuesAndExamplesFitTheSchema() {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(Chart.schema());
    assertThat(schema.validate(Chart.values())).isEmpty();
    assertThat(Chart.examples()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(Chart.examples())
        .allSatisfy(file -> assertThat(schema.validate(Yaml.read(file))).isEmpty());
    assertThat(schema.validate(Yaml.parse("replica: 3"))).isNotEmpty();
  }

  @Test
  void theSchemaKnowsEachValueAndNoOther() {
    assertThat(Chart.paths())
        .allSatisfy(path -> assertThat(Chart.value(path).isMissingNode()).as(path).isFalse());
    sameNames("", Chart.schema(), Chart.values());
  }

  private static void sameNames(String path, JsonNode schema, JsonNode values) {
    if (schema.has("properties")) {
      List<String> known = new ArrayList<>();
      schema.path("properties").fieldNames().forEachRemaining(known::add);
      known.remove("global");
      List<String> given = new ArrayList<>();
      values.fieldNames().forEachRemaining(given::add);
      assertThat(given).as("values under '%s'", path).containsExactlyInAnyOrderElementsOf(known);
      known.forEach(name ->
          sameNames(path + name + ".", schema.path("properties").path(name), values.path(name)));
    }
  }

  @Test
  void eachValueIsCommented() throws IOException {
    List<String> lines = Files.readAllLines(Chart.FOLDER.resolve("values.yaml"));
    for (String path : Chart.paths()) {
      int line = -1;
      for (String name : path.split("\\.", -1)) {
        String key = (line < 0 ? "" : "  ") + name + ":";
        do {
          line++;
        } while (!lines.get(line).startsWith(key));
      }
      assertThat(lines.get(line - 1).strip()).as("the line above %s", path).startsWith("# ");
    }
  }

  @Test
  void eachValueIsUsedAndEachThatIsUsedIsThere() {
    TreeSet<String> used = new TreeSet<>();
    for (String text : Chart.templates().values()) {
      VALUE.matcher(text).results().map(found -> found.group(1)).forEach(used::add);
    }
    assertThat(used).containsExactlyInAnyOrderElementsOf(Chart.paths());
  }

  @Test
  void theDefaultsAreTheGateways() {
    assertThat(setting("iir.shutdown.grace"))
        .isEqualTo(Chart.value("shutdown.graceSeconds").asText() + "s");
    assertThat(setting("iir.port"))
        .isEqualTo("8000")
        .isEqualTo(Chart.value("service.port").asText());
    assertThat(text(DEPLOYMENT)).contains("containerPort: 8000\n", "value: \"8000\"\n");
  }

  private static String setting(String name) {
    return CONFIGURATION.rows().stream()
        .filter(row -> row.getFirst().equals(name))
        .map(row -> row.get(2))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in docs/CONFIGURATION.md"));
  }

  /** Documented by name, or made of a setting's name as all are. */
  @Test
  void theVariablesAreTheGateways() {
    List<String> variables =
        VARIABLE.matcher(text(DEPLOYMENT)).results().map(found -> found.group(1)).toList();
    assertThat(variables).contains("IIR_PORT", "IIR_CONFIG", "IIR_ADMIN_KEY", "DATABASE_URL");
    assertThat(variables).allMatch(SettingVariables.read()::has);
  }

  @Test
  void theUserIsTheImages() throws IOException {
    String image = Files.readString(Path.of("Dockerfile"));
    assertThat(text(DEPLOYMENT)).contains("runAsUser: 10001\n", "runAsGroup: 10001\n");
    assertThat(image).contains("USER 10001:10001\n");
  }

  @Test
  void probesAndIngressLeadToTheGatewaysPaths() throws IOException {
    List<String> paths = new ArrayList<>();
    try (Stream<Path> routes = Files.list(Path.of("routes"))) {
      for (Path route : routes.filter(Files::isRegularFile).toList()) {
        Pattern.compile("platform-http:(/[^\\s?]*)")
            .matcher(Files.readString(route))
            .results()
            .map((MatchResult found) -> found.group(1))
            .forEach(paths::add);
      }
    }
    assertThat(paths).contains("/metrics", "/health/live", "/health/ready");
    assertThat(text(DEPLOYMENT)).contains("path: /health/live", "path: /health/ready");
    for (String value : List.of("ingress.paths", "httpRoute.paths")) {
      List<String> open = new ArrayList<>();
      Chart.value(value).forEach(path -> open.add(path.asText()));
      assertThat(open).contains("/v1").noneMatch("/metrics"::startsWith);
      assertThat(open)
          .filteredOn(path -> !path.equals("/api/v1")) // Java's routes, not files
          .allSatisfy(path -> assertThat(paths).as(path).anyMatch(each -> each.startsWith(path)));
    }
  }

  /** The autoscaler's metric, as Prometheus names it, and the adapter's rule for it. */
  @Test
  void theAutoscalersMetricIsTheGateways() {
    String metric = "iir_requests_in_flight";
    assertThat(text(Chart.FOLDER.resolve("templates/horizontalpodautoscaler.yaml")))
        .contains("name: " + metric + "\n");
    assertThat(Meters.REQUESTS_IN_FLIGHT.id().replace('.', '_')).isEqualTo(metric);
    assertThat(Markdown.read("docs/KUBERNETES.md").text()).contains(metric + "{");
  }

  private static String text(Path template) {
    return Objects.requireNonNull(Chart.templates().get(template), template.toString());
  }
}
