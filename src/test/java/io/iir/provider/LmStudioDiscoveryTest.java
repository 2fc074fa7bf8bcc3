package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import java.util.Map;

class LmStudioDiscoveryTest extends DiscoveryKit {

  LmStudioDiscoveryTest() {
    super(ProviderKind.LM_STUDIO);
  }

  @Override
  void check(Map<String, ListedModel> models) {
    assertThat(models).hasSize(4);
    ModelFacts loaded = facts(models, "meta-llama-3.1-8b-instruct");
    assertThat(loaded.context()).as("loaded with").isEqualTo(8192);
    assertThat(loaded.can())
        .containsExactlyInAnyOrder(Capability.CHAT, Capability.TOOLS, Capability.JSON);
    assertThat(loaded.about().quantization()).isEqualTo("Q4_K_M");
    ModelFacts sees = facts(models, "qwen2-vl-7b-instruct");
    assertThat(sees.context()).isEqualTo(32768);
    assertThat(sees.can()).contains(Capability.IMAGES).doesNotContain(Capability.TOOLS);
    assertThat(sees.cannot()).isEmpty();
    ModelFacts embeds = facts(models, "text-embedding-nomic-embed-text-v1.5");
    assertThat(embeds.cannot()).containsExactly(Capability.CHAT);
    assertThat(embeds.about().outputs()).containsExactly("embedding");
  }
}
