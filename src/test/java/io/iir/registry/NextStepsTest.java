package io.iir.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.iir.provider.ProviderStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class NextStepsTest {

  private static final String URL = "http://localhost:8000";
  private static final ProviderStatus SIM = status("sim", "sim", "fixed", 2);

  private static ProviderStatus status(String name, String protocol, String list, int models) {
    return new ProviderStatus(name, protocol, List.of(), list, models, null, null);
  }

  private static List<String> steps(boolean refreshed, ProviderStatus... providers) {
    return NextSteps.of(List.of(providers), refreshed, MachineReport.unknown(), URL);
  }

  @Test
  void aGatewayThatIsAllRightNeedsNothing() {
    assertThat(steps(true, status("openai", "openai", "ok", 3), SIM)).isEmpty();
  }

  @Test
  void theFirstRefreshIsALineForAShell() {
    assertThat(steps(false, status("openai", "openai", "ok", 3)))
        .singleElement()
        .asString()
        .contains(
            "curl -X POST http://localhost:8000/v1/registry/refresh"
                + " -H \"Authorization: Bearer $IIR_ADMIN_KEY\"");
  }

  @Test
  void aRefusedKeyIsNamedByItsVariable() {
    assertThat(steps(true, status("my-vendor", "openai", "failed: HTTP 401", 1)))
        .containsExactly(
            "Provider 'my-vendor' refuses its key (HTTP 401): check MY_VENDOR_API_KEY or"
                + " iir.providers.my-vendor.api-key.");
    assertThat(
            steps(
                true,
                status(
                    "huggingface", "openai", "failed: wants a key, and none is set (HTTP 401)", 1)))
        .containsExactly(
            "Provider 'huggingface' wants a key, and none is set (HTTP 401): set"
                + " HUGGINGFACE_API_KEY or HF_TOKEN or iir.providers.huggingface.api-key.");
    assertThat(steps(true, status("vllm", "openai", "failed: cannot connect", 1)).getFirst())
        .contains("(cannot connect)", "VLLM_BASE_URL");
  }

  @Test
  void listsFromBeforeTheRestartMayBeAskedForAgain() {
    assertThat(steps(true, status("openai", "openai", "listed before the restart", 3)).getFirst())
        .startsWith("Some lists of models are from before the restart.");
  }

  @Test
  void withoutAnyModelTheBestForTheMachineIsNamed() {
    ArrayNode best = RecordJson.JSON.createArrayNode();
    best.addObject()
        .putObject("commands")
        .put("ollama", "ollama run m")
        .put("llama.cpp", "llama m");
    MachineReport machine = new MachineReport(null, best, null);
    assertThat(NextSteps.of(List.of(status("local", "openai", "ok", 0), SIM), true, machine, URL))
        .hasSize(2)
        .last()
        .asString()
        .endsWith("is started by: llama m");
  }
}
