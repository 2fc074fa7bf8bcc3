package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

class OpenAiDiscoveryTest extends DiscoveryKit {

  OpenAiDiscoveryTest() {
    super(ProviderKind.OPENAI);
  }

  @Override
  void check(Map<String, ListedModel> models) {
    assertThat(models).hasSize(9);
    ListedModel model = models.get("gpt-4o");
    assertThat(model)
        .isEqualTo(new ListedModel("gpt-4o", 1715367049, "system", ModelFacts.UNKNOWN));
  }
}
