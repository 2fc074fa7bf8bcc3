package io.iir.api.completions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** OpenAI's own Java client lets a chat model continue a prompt. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompletionsClientIT {

  private FakeProvider provider;
  private Gateway gateway;
  private OpenAIClient client;

  @BeforeAll
  void start() {
    provider = new FakeProvider(call -> call.completion("Hi", 5, 1));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {"iir.cache.enabled=false"}));
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(gateway.url("/v1").toString())
            .apiKey(Gateway.ADMIN_KEY)
            .maxRetries(0)
            .build();
  }

  @AfterAll
  void stop() throws IOException {
    client.close();
    gateway.close();
    provider.close();
  }

  @BeforeEach
  void forget() {
    provider.calls().clear();
  }

  private static CompletionCreateParams.Builder request(String prompt) {
    return CompletionCreateParams.builder().model("fake/m").prompt(prompt);
  }

  @Test
  void continuesAPrompt() {
    provider.behave(call -> call.completion(" a time", 5, 2));

    Completion answer = client.completions().create(request("Once upon").maxTokens(9).build());

    assertThat(answer.validate().choices().getFirst().text()).isEqualTo(" a time");
    assertThat(answer.choices().getFirst().finishReason())
        .isEqualTo(CompletionChoice.FinishReason.STOP);
    assertThat(answer.usage()).hasValueSatisfying(u -> assertThat(u.totalTokens()).isEqualTo(7));
    assertThat(Gateway.json(provider.call().body()))
        .isEqualTo(
            Gateway.json(
                """
                {"model":"m","messages":[{"role":"user","content":"Once upon"}],"max_tokens":9}\
                """));
  }

  @Test
  void streams() {
    provider.behave(call -> {
      call.beginStream();
      call.token(" a");
      call.token(" time");
      call.endStream(5, 2);
    });
    List<Completion> events;
    try (StreamResponse<Completion> stream =
        client.completions().createStreaming(request("Once upon").echo(true).build())) {
      events = stream.stream().toList();
    }
    assertThat(
            events.stream().map(e -> e.choices().getFirst().text()).collect(Collectors.joining()))
        .isEqualTo("Once upon a time");
    assertThat(events).allSatisfy(event -> assertThat(event.usage()).isEmpty());
  }

  @Test
  void refusesWhatItCannotCarryByName() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> client.completions().create(request("a").suffix("b").build()))
        .satisfies(e -> assertThat(e.param()).contains("suffix"));
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() ->
            client
                .completions()
                .create(request("a").promptOfArrayOfStrings(List.of("a", "b")).build()))
        .satisfies(e -> assertThat(e.param()).contains("prompt"));
    assertThat(provider.calls()).isEmpty();
  }
}
