package io.iir.protocol.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What Gemini says in its own way and the gateway must understand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeminiFailuresIT {

  private final FakeProvider google = new FakeProvider(call -> call.json(500, "{}"));

  @SuppressWarnings("NullAway.Init") // set before all
  private Gateway gateway;

  @BeforeAll
  void start() {
    gateway =
        Gateway.start(
            "iir.providers.g.protocol=gemini",
            "iir.providers.g.base-url=" + google.baseUrl() + "beta",
            "iir.providers.g.api-key=sk-upstream-g",
            "iir.providers.g.models=any",
            "iir.cache.enabled=false");
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
    google.close();
  }

  private HttpResponse<String> chat(String more) {
    return gateway.chat(
        "{\"model\":\"g/gemini-2.5-flash\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}"
            .formatted(more));
  }

  private void answers(int status, String file) {
    google.behave(call -> call.json(status, new String(Answers.file(file), UTF_8)));
  }

  @Test
  void aWrongKeyIsNotTheClientsFault() {
    answers(400, "error-key.json");
    HttpResponse<String> answer = chat("");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(Gateway.json(answer.body()).path("error").path("code").asText())
        .isEqualTo("provider_error");
  }

  @Test
  void saysWhenToAskAgain() {
    answers(429, "error-429.json");
    HttpResponse<String> answer = chat(",\"stream\":true");

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("35");
  }

  @Test
  void aCallThatTheModelSpoiledIsAFailure() {
    String spoiled = Answers.candidate("\"finishReason\":\"MALFORMED_FUNCTION_CALL\"");
    google.behave(call -> call.json(200, spoiled));
    HttpResponse<String> answer = chat("");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("MALFORMED_FUNCTION_CALL");
  }

  @Test
  void namesWhatWasDroppedAndWhatIsRefused() {
    answers(200, "chat.json");
    HttpResponse<String> answer = chat(",\"user\":\"u\",\"store\":true");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-iir-dropped")).contains("user, store");

    HttpResponse<String> refusal = chat(",\"logit_bias\":{\"5\":1}");
    assertThat(refusal.statusCode()).isEqualTo(400);
    assertThat(Gateway.json(refusal.body()).path("error").path("param").asText())
        .isEqualTo("logit_bias");
  }
}
