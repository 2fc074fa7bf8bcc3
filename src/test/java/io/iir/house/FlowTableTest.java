package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.flow.FlowRoutePolicies;
import io.iir.flow.Variables;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The architecture's tables are what the code does. */
class FlowTableTest {

  private static final Markdown ARCHITECTURE = Markdown.read("docs/ARCHITECTURE.md");

  @Test
  void theFlowTableIsTheRoute() {
    List<String> steps =
        Yaml.read(Path.of("routes/chat-completions.camel.yaml")).findValues("uri").stream()
            .map(uri -> uri.asText())
            .filter(uri -> uri.startsWith("direct:"))
            .map(uri -> uri.substring("direct:".length()))
            .toList();
    assertThat(ARCHITECTURE.section("The flow").firstCells()).isEqualTo(steps);
    assertThat(FlowRoutePolicies.STEPS).isEqualTo(steps);
  }

  @Test
  void theDiagramIsTheRoute() {
    String diagram = ARCHITECTURE.section("The flow").text().replaceAll(" -- [a-z]+ -->", " -->");
    for (int i = 1; i < FlowRoutePolicies.STEPS.size(); i++) {
      assertThat(diagram)
          .contains(FlowRoutePolicies.STEPS.get(i - 1) + " --> " + FlowRoutePolicies.STEPS.get(i));
    }
  }

  @Test
  void theVariablesTableIsTheDeclaration() {
    List<List<String>> declared =
        Variables.all().values().stream()
            .map(each ->
                List.of(each.name(), each.type().getSimpleName(), each.setBy(), each.readBy()))
            .sorted(Comparator.comparing(List::getFirst))
            .toList();
    assertThat(ARCHITECTURE.section("Variables").rows()).isEqualTo(declared);
  }
}
