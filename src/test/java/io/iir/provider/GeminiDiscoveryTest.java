package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import io.iir.testing.CassetteServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeminiDiscoveryTest extends DiscoveryKit {

  GeminiDiscoveryTest() {
    super(ProviderKind.GEMINI);
  }

  @Override
  void check(Map<String, ListedModel> models) {
    assertThat(models).as("of two pages").hasSize(6);
    ModelFacts flash = facts(models, "gemini-2.5-flash");
    assertThat(flash.context()).isEqualTo(1048576);
    assertThat(flash.maxOutput()).isEqualTo(65536);
    assertThat(flash.can()).containsExactly(Capability.CHAT);
    assertThat(facts(models, "gemini-2.5-flash-preview-tts").can()).isEmpty();
    assertThat(facts(models, "gemini-embedding-001").about().outputs())
        .containsExactly("embedding");
    assertThat(facts(models, "imagen-4.0-generate-001").cannot()).containsExactly(Capability.CHAT);
    assertThat(facts(models, "veo-3.0-generate-001").about().outputs()).containsExactly("video");
  }

  /** Google does not say 401. */
  @Test
  void aWrongKeyIsSaidToBe() throws Exception {
    server().listAnswers(CassetteServer.body(400, "{\"error\":{\"code\":400}}"));
    assertThat(failure()).isEqualTo("refused the request, as it does a wrong key (HTTP 400)");
  }
}
