package io.iir.protocol.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.protocol.kit.CompatibilityKit;
import io.iir.protocol.kit.ProtocolFake;
import io.iir.protocol.kit.Scenario;
import io.iir.testing.Gateway;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** What clients of OpenAI's API get from Bedrock. */
class BedrockKitIT extends CompatibilityKit {

  @Override
  protected ProtocolFake newFake() {
    return new BedrockFake();
  }

  @Test
  void itSaysWhatItLeftOut() {
    fake().play(Scenario.CHAT);
    ObjectNode request =
        request("[{\"role\":\"user\",\"content\":\"Hello\"}]", "seed", "1", "user", "\"u\"");

    HttpResponse<String> answer = gateway().chat(request.toString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-iir-dropped")).contains("seed, user");
  }

  @Test
  void itRefusesWhatItCannotDo() {
    HttpResponse<String> answer =
        gateway().chat(request("[{\"role\":\"user\",\"content\":\"Hi\"}]", "n", "2").toString());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Gateway.json(answer.body()).path("error").path("param").asText()).isEqualTo("n");
  }

  @Test
  void bothFormsAskForTheirMediaType() {
    fake().play(Scenario.CHAT);
    gateway().chat(request("[{\"role\":\"user\",\"content\":\"Hi\"}]").toString());
    assertThat(fake().requests().getLast().headers().get("Accept"))
        .containsExactly("application/json");
    gateway()
        .chat(request("[{\"role\":\"user\",\"content\":\"Hi\"}]", "stream", "true").toString());
    assertThat(fake().requests().getLast().headers().get("Accept"))
        .containsExactly("application/vnd.amazon.eventstream");
  }
}
