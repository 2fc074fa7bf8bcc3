package io.iir.house;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.iir.flow.EntryPolicy;
import io.iir.flow.Variables;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The laws of the routes, in YAML and in Java alike. */
@ExtendWith(OneGateway.class)
class RoutesTest {

  private static final String SUFFIX = ".camel.yaml";
  private static final int LONGEST = 100;
  private static final Pattern VARIABLE_IN_SIMPLE =
      Pattern.compile("\\$\\{variable(?:As\\(|\\.|\\[')(\\w+)");

  /** EIPs that take an endpoint from the message: what a client sends could pick the host. */
  private static final Set<String> DYNAMIC =
      Set.of("toD", "recipientList", "routingSlip", "dynamicRouter", "enrich", "pollEnrich");

  private final CamelContext context;
  private final List<RouteDefinition> routes;

  RoutesTest(Gateway gateway) {
    context = gateway.bean(CamelContext.class);
    Model model =
        Objects.requireNonNull(
            context.getCamelContextExtension().getContextPlugin(Model.class), "no model");
    routes = model.getRouteDefinitions();
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("routes/examples"))) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  // ---- files

  @ParameterizedTest
  @MethodSource("files")
  void aFileHoldsOneRouteOfItsName(Path file) {
    JsonNode document = Yaml.read(file);
    String name = file.getFileName().toString().replace(SUFFIX, "");
    assertThat(document).hasSize(1);
    assertThat(document.path(0).path("route").path("id").asText()).isEqualTo(name);
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileIsShort(Path file) throws IOException {
    assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(LONGEST);
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileUsesDeclaredVariablesOnly(Path file) {
    assertThat(Variables.inRules()).containsAll(variables(Yaml.read(file)));
  }

  @Test
  void filesFitCamelsSchema() throws IOException {
    try (InputStream in = CamelContext.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
      JsonSchema schema =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
              .getSchema(Objects.requireNonNull(in));
      assertThat(Stream.concat(files().stream(), examples().stream()))
          .allSatisfy(
              file -> assertThat(schema.validate(Yaml.read(file))).as(file.toString()).isEmpty());
    }
  }

  private static Set<String> variables(JsonNode tree) {
    Set<String> names = new TreeSet<>();
    tree.properties()
        .forEach(field -> {
          switch (field.getKey()) {
            case "setVariable", "removeVariable" ->
                names.add(field.getValue().path("name").asText());
            case "setVariables" ->
                field.getValue().findValues("name").forEach(name -> names.add(name.asText()));
            case "variable", "variableSend", "variableReceive" ->
                names.add(field.getValue().asText());
            default -> {}
          }
        });
    if (tree.isTextual()) {
      Matcher used = VARIABLE_IN_SIMPLE.matcher(tree.textValue());
      while (used.find()) {
        names.add(used.group(1));
      }
    }
    tree.forEach(child -> names.addAll(variables(child)));
    return names;
  }

  // ---- routes

  @Test
  void aRouteIsNamedAsItsDirectEndpoint() {
    assertThat(steps())
        .isNotEmpty()
        .allSatisfy(
            route -> assertThat(route.getInput().getUri()).isEqualTo("direct:" + route.getId()));
  }

  @Test
  void aRouteBeginsWithAStepAnEntryOrATimerOfItsName() {
    assertThat(routes)
        .allSatisfy(route ->
            assertThat(route.getInput().getUri())
                .matches(
                    "(direct|platform-http|management-http):.*|timer:%s\\?.*"
                        .formatted(route.getId())));
  }

  @Test
  void aRouteSaysWhatItIsFor() {
    assertThat(routes).allSatisfy(route -> assertThat(route.getDescriptionText()).isNotBlank());
  }

  @Test
  void aNodeIsNamedAfterItsRoute() {
    assertThat(routes)
        .allSatisfy(route ->
            assertThat(named(route))
                .filteredOn(RoutesTest::canBeNamed)
                .isNotEmpty()
                .allSatisfy(node -> {
                  assertThat(node.hasCustomIdAssigned()).as("%s has an id", node).isTrue();
                  assertThat(node.getId()).startsWith(route.getId() + ".");
                }));
  }

  @Test
  void aDirectTargetExists() {
    Set<String> ids = routes.stream().map(RouteDefinition::getId).collect(toSet());
    assertThat(allNodes())
        .filteredOn(EndpointRequiredDefinition.class::isInstance)
        .extracting(node -> ((EndpointRequiredDefinition) node).getEndpointUri())
        .filteredOn(uri -> uri.startsWith("direct:"))
        .isNotEmpty()
        .allSatisfy(uri -> assertThat(ids).contains(uri.substring("direct:".length())));
  }

  @Test
  void noMessagePicksItsEndpoint() {
    assertThat(allNodes())
        .allSatisfy(node -> {
          assertThat(node.getShortName()).isNotIn(DYNAMIC);
          if (node instanceof WireTapDefinition<?> tap) {
            assertThat(tap.getDynamicUri()).as("%s is static", tap.getId()).isEqualTo("false");
          }
          if (node instanceof SendDefinition<?> send) {
            assertThat(send.getUri()).doesNotContain("${");
          }
        });
  }

  @Test
  void aRouteLeavesFailuresToItsEntrysEdge() {
    assertThat(routes)
        .allSatisfy(route ->
            assertThat(route.getErrorHandlerFactory())
                .as(route.getId())
                .isInstanceOf(NoErrorHandlerDefinition.class));
  }

  @Test
  void anEntryAnswersInOpenAisErrorForm() {
    assertThat(context.getRoutes())
        .filteredOn(route -> route.getEndpoint().getEndpointUri().startsWith("platform-http:"))
        .isNotEmpty()
        .allSatisfy(route ->
            assertThat(route.getRoutePolicyList())
                .as(route.getRouteId())
                .hasAtLeastOneElementOfType(EntryPolicy.class));
  }

  private List<RouteDefinition> steps() {
    return routes.stream()
        .filter(route -> route.getInput().getUri().startsWith("direct:"))
        .toList();
  }

  /** Java's {@code otherwise()} takes no id: it would name what stands before it. */
  private static boolean canBeNamed(OptionalIdentifiedDefinition<?> node) {
    return !node.getShortName().equals("otherwise");
  }

  /** All nodes of a route, and the cases of its choices. */
  private static List<OptionalIdentifiedDefinition<?>> named(RouteDefinition route) {
    List<OptionalIdentifiedDefinition<?>> all = new ArrayList<>();
    for (ProcessorDefinition<?> node : nodes(route)) {
      all.add(node);
      if (node instanceof ChoiceDefinition choice) {
        all.addAll(choice.getWhenClauses());
        if (choice.getOtherwise() != null) {
          all.add(choice.getOtherwise());
        }
      }
    }
    return all;
  }

  private List<ProcessorDefinition<?>> allNodes() {
    return routes.stream().flatMap(route -> nodes(route).stream()).toList();
  }

  private static List<ProcessorDefinition<?>> nodes(ProcessorDefinition<?> parent) {
    List<ProcessorDefinition<?>> all = new ArrayList<>();
    for (ProcessorDefinition<?> node : parent.getOutputs()) {
      all.add(node);
      all.addAll(nodes(node));
    }
    return all;
  }
}
