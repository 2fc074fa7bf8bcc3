package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The main path, end to end. */
class FirstRequestIT {

  @Test
  void answersFromAProvider() throws Exception {
    try (FakeProvider provider = new FakeProvider(call -> call.completion("Hi", 5, 1));
        Gateway gateway = Gateway.start(Gateway.provider("fake", provider.baseUrl()))) {
      HttpResponse<String> answer =
          gateway.chat(
              """
              {"model":"fake/some/model","messages":[{"role":"user","content":"Hello"}]}\
              """);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"content\":\"Hi\"");
      assertThat(answer.headers().firstValue("X-Route-Model")).contains("some/model");
      assertThat(provider.call().body()).contains("\"model\":\"some/model\"");
      assertThat(provider.call().target()).isEqualTo("/v1/chat/completions");
      assertThat(provider.call().headers().getFirst("Authorization"))
          .isEqualTo("Bearer sk-upstream-fake");
    }
  }
}
