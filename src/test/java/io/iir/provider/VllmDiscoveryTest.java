package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import java.util.Map;

class VllmDiscoveryTest extends DiscoveryKit {

  VllmDiscoveryTest() {
    super(ProviderKind.VLLM);
  }

  @Override
  void check(Map<String, ListedModel> models) {
    assertThat(models).containsOnlyKeys("Qwen/Qwen3-8B", "sql-lora");
    assertThat(facts(models, "Qwen/Qwen3-8B").context()).isEqualTo(40960);
    assertThat(facts(models, "Qwen/Qwen3-8B").can()).containsExactly(Capability.JSON);
    assertThat(facts(models, "sql-lora").context()).isNull();
  }
}
