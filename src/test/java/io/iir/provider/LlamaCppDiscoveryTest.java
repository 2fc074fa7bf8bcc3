package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import io.iir.testing.CassetteServer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LlamaCppDiscoveryTest extends DiscoveryKit {

  LlamaCppDiscoveryTest() {
    super(ProviderKind.LLAMA_CPP);
  }

  @Override
  void check(Map<String, ListedModel> models) {
    assertThat(models).containsOnlyKeys("smollm2-135m");
    ModelFacts facts = facts(models, "smollm2-135m");
    assertThat(facts.context()).as("of a slot, not of the training").isEqualTo(2048);
    assertThat(facts.can()).containsExactly(Capability.JSON);
    assertThat(facts.cannot()).containsExactlyInAnyOrder(Capability.IMAGES, Capability.TOOLS);
    assertThat(facts.about().quantization()).isEqualTo("Q4_1");
    assertThat(facts.about().inputs()).containsExactly("text");
    assertThat(facts.about().outputs()).containsExactly("text");
  }

  @Test
  void withoutPropsTheListStands() throws Exception {
    server().restAnswers(CassetteServer.body(501, "{}"));
    ModelFacts facts = facts(listed(), "smollm2-135m");
    assertThat(facts.context()).isEqualTo(2048);
    assertThat(facts.cannot()).containsExactly(Capability.IMAGES);
  }

  @Test
  void whatPropsOfOlderServersTellCounts() throws Exception {
    server()
        .restAnswers(
            CassetteServer.body(
                200,
                """
                {"default_generation_settings":{"n_ctx":16384},"total_slots":1,
                 "model_path":"/models/Qwen2.5-VL-7B-Instruct-UD-Q4_K_XL-00001-of-00002.gguf",
                 "modalities":{"vision":true,"audio":false},
                 "chat_template":"{%- if tools %}{{ tools }}{%- endif %}"}
                """));
    ModelFacts facts = facts(listed(), "smollm2-135m");
    assertThat(facts.context()).isEqualTo(16384);
    assertThat(facts.can())
        .containsExactlyInAnyOrder(Capability.JSON, Capability.TOOLS, Capability.IMAGES);
    assertThat(facts.about().inputs()).containsExactly("image", "text");
    assertThat(facts.about().quantization()).isEqualTo("Q4_K_XL");
  }

  @Test
  void aServerThatLoadsOnDemandIsNotMadeToLoad() throws Exception {
    server()
        .listAnswers(
            CassetteServer.body(
                200,
                """
                {"object":"list","data":[{"id":"a","owned_by":"llamacpp","created":1,
                  "status":{"value":"unloaded"}}]}
                """));
    AtomicBoolean asked = new AtomicBoolean();
    server().restAnswers(exchange -> asked.set(true));
    assertThat(listed()).containsOnlyKeys("a");
    assertThat(asked).isFalse();
  }
}
