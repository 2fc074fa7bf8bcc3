package io.iir.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import io.iir.testing.Gateway;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** OpenAI's own Java client takes the gateway for OpenAI. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiJavaClientIT {

  private Gateway gateway;
  private OpenAIClient client;

  @BeforeAll
  void start() {
    gateway = Gateway.start();
    client = client(Gateway.ADMIN_KEY);
  }

  @AfterAll
  void stop() throws IOException {
    client.close();
    gateway.close();
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(gateway.url("/v1").toString())
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  private static ChatCompletionCreateParams.Builder chat(String model, String text) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage(text);
  }

  @Test
  void chats() {
    ChatCompletion answer =
        client.chat().completions().create(chat("sim/echo", "Hello there").build());

    assertThat(answer.choices().getFirst().message().content()).contains("[simulated] Hello there");
    assertThat(answer.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    assertThat(answer.usage())
        .hasValueSatisfying(usage -> {
          assertThat(usage.completionTokens()).isEqualTo(3);
          assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + 3);
        });
  }

  @Test
  void streams() {
    List<ChatCompletionChunk> chunks;
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(
                chat("sim/echo", "one two three")
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      chunks = stream.stream().toList();
    }

    assertThat(text(chunks)).isEqualTo("[simulated] one two three");
    assertThat(chunks).hasSizeGreaterThan(4);
    assertThat(chunks.getLast().usage())
        .hasValueSatisfying(usage -> assertThat(usage.completionTokens()).isEqualTo(4));
  }

  @Test
  void streamsWithoutUsageUnlessAskedForIt() {
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat("sim/echo", "Hello").build())) {
      assertThat(stream.stream())
          .allSatisfy(chunk -> {
            assertThat(chunk.choices()).isNotEmpty();
            assertThat(chunk.usage()).isEmpty();
          });
    }
  }

  @Test
  void leavesAStream() {
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat("sim/lorem", "Hello").build())) {
      assertThat(stream.stream().limit(3)).hasSize(3);
    }

    MeterRegistry meters = gateway.bean(MeterRegistry.class);
    await()
        .untilAsserted(() ->
            assertThat(meters.find("iir.requests").tag("outcome", "client_left").counters())
                .extracting(Counter::count)
                .containsExactly(1.0));
  }

  @Test
  void listsModels() {
    assertThat(client.models().list().data())
        .extracting(Model::id)
        .containsExactly("sim/echo", "sim/lorem");
  }

  @Test
  void retrievesAModel() {
    Model model = client.models().retrieve("sim/echo");

    assertThat(model.id()).isEqualTo("sim/echo");
    assertThat(model.ownedBy()).isNotBlank();
  }

  @Test
  void parsesAnUnknownKey() {
    OpenAIClient stranger = client("sk-unknown");
    try {
      assertThatExceptionOfType(UnauthorizedException.class)
          .isThrownBy(() -> stranger.models().list())
          .satisfies(e -> assertThat(e.code()).contains("invalid_api_key"));
    } finally {
      stranger.close();
    }
  }

  @Test
  void parsesAnUnknownModel() {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.chat().completions().create(chat("sim/ecco", "Hello").build()))
        .withMessageContaining("sim/echo")
        .satisfies(e -> {
          assertThat(e.code()).contains("model_not_found");
          assertThat(e.param()).contains("model");
          assertThat(e.type()).contains("invalid_request_error");
        });
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.models().retrieve("nowhere/model"))
        .satisfies(e -> assertThat(e.code()).contains("provider_not_found"));
  }

  @Test
  void parsesABadRequest() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> client.chat().completions().create(chat("echo", "Hello").build()))
        .satisfies(e -> assertThat(e.code()).contains("invalid_model_name"));
  }

  private static String text(List<ChatCompletionChunk> chunks) {
    return chunks.stream()
        .flatMap(chunk -> chunk.choices().stream())
        .flatMap(choice -> choice.delta().content().stream())
        .collect(Collectors.joining());
  }
}
