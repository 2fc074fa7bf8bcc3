package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.metrics.Meters;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the documents list is what there is, no more and no less. */
@ExtendWith(OneGateway.class)
class DocsTest {

  private static final Markdown API = Markdown.read("docs/API.md");
  private static final Markdown ARCHITECTURE = Markdown.read("docs/ARCHITECTURE.md");

  /** Where the code names an error's code; {@link #errorCodesAreDocumented} holds the two apart. */
  private static final List<Pattern> CODES =
      List.of(
          Pattern.compile("(?:invalid|server|provider)\\(\\s*(?:\\d{3},\\s*)\"([a-z_]+)\""),
          Pattern.compile("(?:notFound|breakOff)\\(\\s*\"([a-z_]+)\""),
          Pattern.compile("breakOff\\(kind[^\"]*\"([a-z_]+)\" : \"[a-z_]+\""),
          Pattern.compile("new ApiError\\(\\s*[\\w.]+,\\s*[^,]+,\\s*\"([a-z_]+)\""));

  private final List<Route> routes;

  DocsTest(Gateway gateway) {
    routes = gateway.bean(CamelContext.class).getRoutes();
  }

  @Test
  void endpointsAreDocumented() {
    assertThat(API.section("Endpoints").firstCells())
        .containsExactlyInAnyOrderElementsOf(endpoints());
  }

  @Test
  void endpointsAreInTheOpenApiDocument() {
    Set<String> described = new TreeSet<>();
    JsonNode paths = Yaml.read(Path.of("src/main/resources/openapi.yaml")).path("paths");
    paths
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(name -> {
                  if (!name.equals("parameters")) {
                    described.add(name.toUpperCase(Locale.ROOT) + " " + path.getKey());
                  }
                }));
    assertThat(described).containsExactlyElementsOf(endpoints());
  }

  private Set<String> endpoints() {
    Set<String> all = new TreeSet<>();
    for (Route route : routes) {
      if (route.getEndpoint() instanceof PlatformHttpEndpoint endpoint
          && endpoint.getEndpointUri().startsWith("platform-http:")) {
        boolean pages = endpoint.getPath().equals("/docs"); // whose files are no endpoints
        boolean many = endpoint.isMatchOnUriPrefix() && !pages;
        String path = endpoint.getPath() + (many ? "{id}" : "");
        for (String method : endpoint.getHttpMethodRestrict().split(",", -1)) {
          all.add(method + " " + path);
        }
      }
    }
    return all;
  }

  @Test
  void metersAreDocumented() {
    List<String> meters = Arrays.stream(Meters.values()).map(Meters::id).toList();
    assertThat(Markdown.read("docs/MONITORING.md").section("Metrics").rows())
        .filteredOn(row -> row.size() == 5)
        .extracting(List::getFirst)
        .containsExactlyInAnyOrderElementsOf(meters);
  }

  @Test
  void routesAreDocumented() {
    List<String> ids = routes.stream().map(Route::getId).toList();
    assertThat(ARCHITECTURE.section("Routes").firstCells())
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void routesAreInJmxUnderTheDocumentedName() throws Exception {
    String pattern = "org.apache.camel:context=iir,type=routes,name=\"%s\"";
    assertThat(ARCHITECTURE.text()).contains(pattern.formatted("<route id>"));
    MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();
    for (Route route : routes) {
      ObjectName name = new ObjectName(pattern.formatted(route.getId()));
      assertThat(jmx.isRegistered(name)).as("%s", name).isTrue();
    }
  }

  @Test
  void errorCodesAreDocumented() throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path source : sources()) {
      String text = Files.readString(source);
      for (Pattern pattern : CODES) {
        pattern.matcher(text).results().map((MatchResult hit) -> hit.group(1)).forEach(used::add);
      }
    }
    assertThat(used).hasSizeGreaterThan(15);
    List<String> documented =
        API.section("Errors").rows().stream()
            .flatMap(row -> Arrays.stream(row.get(1).split(", ", -1)))
            .toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(used);
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
