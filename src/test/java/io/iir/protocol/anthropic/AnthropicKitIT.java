package io.iir.protocol.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.protocol.kit.CompatibilityKit;
import io.iir.protocol.kit.ProtocolFake;
import io.iir.protocol.kit.Scenario;
import io.iir.testing.Gateway;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** What clients of OpenAI's API get from Anthropic. */
class AnthropicKitIT extends CompatibilityKit {

  @Override
  protected ProtocolFake newFake() {
    return new AnthropicFake();
  }

  @Test
  void itSaysWhatItLeftOut() {
    fake().play(Scenario.CHAT);
    ObjectNode request =
        request(
            "[{\"role\":\"user\",\"content\":\"Hello\"}]", "seed", "1", "presence_penalty", "0.5");

    HttpResponse<String> answer = gateway().chat(request.toString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-iir-dropped")).contains("presence_penalty, seed");
    assertThat(Gateway.json(lastSent()).has("seed")).isFalse();
  }

  @Test
  void itRefusesWhatItCannotDo() {
    HttpResponse<String> answer =
        gateway().chat(request("[{\"role\":\"user\",\"content\":\"Hi\"}]", "n", "2").toString());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Gateway.json(answer.body()).path("error").path("param").asText()).isEqualTo("n");
    assertThat(fake().requests()).isEmpty();
  }
}
