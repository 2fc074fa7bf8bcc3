package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import io.iir.testing.CassetteServer;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenRouterDiscoveryTest extends DiscoveryKit {

  OpenRouterDiscoveryTest() {
    super(ProviderKind.OPENROUTER);
  }

  @Override
  void check(Map<String, ListedModel> models) {
    assertThat(models).hasSize(5);
    ModelFacts mini = facts(models, "openai/gpt-4o-mini");
    assertThat(mini.context()).isEqualTo(128000);
    assertThat(mini.maxOutput()).isEqualTo(16384);
    assertThat(mini.price()).isEqualTo(new Price(new BigDecimal("0.15"), new BigDecimal("0.6")));
    assertThat(mini.can())
        .containsExactlyInAnyOrder(Capability.IMAGES, Capability.JSON, Capability.TOOLS);
    assertThat(mini.about().inputs()).containsExactly("file", "image", "text");
    assertThat(facts(models, "google/gemini-2.5-flash-image").about().outputs())
        .containsExactly("image", "text");
    ModelFacts free = facts(models, "mistralai/mistral-7b-instruct:free");
    assertThat(free.price()).isEqualTo(Price.FREE);
    assertThat(free.about().deprecated()).isEqualTo("2026-12-31");
    assertThat(facts(models, "openrouter/auto").price()).as("it depends").isNull();
  }

  @Test
  void aListThatGoesOnElsewhereIsNotFollowed() throws Exception {
    server()
        .listAnswers(
            CassetteServer.body(
                200, "{\"data\":[],\"links\":{\"next\":\"https://elsewhere.example/models\"}}"));
    assertThat(failure()).isEqualTo("its list goes on at another host, which is not asked");
  }

  @Test
  void aListThatGoesOnIsReadToItsEnd() throws Exception {
    server()
        .listAnswers(
            CassetteServer.body(
                200, "{\"data\":[],\"links\":{\"next\":\"/api/v1/models?offset=500\"}}"));
    assertThat(failure()).as("the next page was not recorded").isEqualTo("HTTP 404");
  }
}
