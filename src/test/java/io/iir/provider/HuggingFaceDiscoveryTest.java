package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import java.math.BigDecimal;
import java.util.Map;

class HuggingFaceDiscoveryTest extends DiscoveryKit {

  HuggingFaceDiscoveryTest() {
    super(ProviderKind.HUGGINGFACE);
  }

  @Override
  void check(Map<String, ListedModel> models) {
    assertThat(models).hasSize(3);
    ModelFacts oss = facts(models, "openai/gpt-oss-120b");
    assertThat(oss.context()).as("of those that are live").isEqualTo(131072);
    assertThat(oss.price())
        .as("the dearest of those that are live")
        .isEqualTo(new Price(new BigDecimal("0.25"), new BigDecimal("0.69")));
    assertThat(oss.can()).containsExactly(Capability.TOOLS);
    assertThat(oss.cannot()).as("some answer in JSON").containsExactly(Capability.IMAGES);
    ModelFacts sees = facts(models, "Qwen/Qwen3-VL-235B-A22B-Instruct");
    assertThat(sees.context()).as("the shortest").isEqualTo(131072);
    assertThat(sees.can())
        .containsExactlyInAnyOrder(Capability.IMAGES, Capability.TOOLS, Capability.JSON);
    ModelFacts untold = facts(models, "CohereLabs/aya-expanse-32b");
    assertThat(untold.context()).isNull();
    assertThat(untold.price()).isNull();
    assertThat(untold.cannot()).contains(Capability.TOOLS);
  }
}
