package io.iir.api.completions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
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

/**
 * OpenAI's own Java client has a prompt continued: by a vendor that has chats alone (groq), and by
 * a server that takes prompts as they are (own).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompletionsClientIT {

  private static final String TEXT =
      """
      {"id":"cmpl-1","object":"text_completion","created":7,"model":"base","choices":[{"index":%d,"text":"%s",\
      "logprobs":null,"finish_reason":%s,"stop_reason":null}]%s}\
      """;
  private static final String USAGE =
      ",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}";

  private FakeProvider provider;
  private Gateway gateway;
  private OpenAIClient client;

  @BeforeAll
  void start() {
    provider = new FakeProvider(call -> call.completion("Hi", 5, 1));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("groq", provider.baseUrl()),
                Gateway.provider("own", provider.baseUrl())));
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

  private static CompletionCreateParams.Builder request(String model, String prompt) {
    return CompletionCreateParams.builder().model(model).prompt(prompt);
  }

  private List<Completion> stream(CompletionCreateParams request) {
    try (StreamResponse<Completion> stream = client.completions().createStreaming(request)) {
      return stream.stream().toList();
    }
  }

  private static String text(List<Completion> events) {
    return events.stream()
        .flatMap(event -> event.choices().stream())
        .map(CompletionChoice::text)
        .collect(Collectors.joining());
  }

  // ---- by a chat

  @Test
  void aChatContinuesAPrompt() {
    provider.behave(call -> call.completion(" a time", 5, 2));

    Completion answer =
        client.completions().create(request("groq/m", "Once upon").maxTokens(9).build());

    assertThat(answer.validate().choices().getFirst().text()).isEqualTo(" a time");
    assertThat(answer.choices().getFirst().finishReason())
        .isEqualTo(CompletionChoice.FinishReason.STOP);
    assertThat(answer.usage()).hasValueSatisfying(u -> assertThat(u.totalTokens()).isEqualTo(7));
    assertThat(provider.call().target()).isEqualTo("/v1/chat/completions");
    assertThat(Gateway.json(provider.call().body()))
        .isEqualTo(
            Gateway.json(
                """
                {"model":"m","messages":[{"role":"user","content":"Once upon"}],"max_tokens":9}\
                """));
  }

  @Test
  void aChatStreams() {
    provider.behave(call -> {
      call.beginStream();
      call.token(" a");
      call.token(" time");
      call.endStream(5, 2);
    });
    List<Completion> events = stream(request("groq/m", "Once upon").echo(true).build());
    assertThat(text(events)).isEqualTo("Once upon a time");
    assertThat(events).allSatisfy(event -> assertThat(event.usage()).isEmpty());
  }

  @Test
  void whatAChatCannotDoIsRefusedByName() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> client.completions().create(request("groq/m", "a").suffix("b").build()))
        .satisfies(e -> assertThat(e.param()).contains("suffix"));
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() ->
            client
                .completions()
                .create(request("groq/m", "").promptOfArrayOfStrings(List.of("a", "b")).build()))
        .satisfies(e -> assertThat(e.param()).contains("prompt"))
        .withMessageContaining("vLLM");
    assertThat(provider.calls()).isEmpty();
  }

  // ---- by a server that continues prompts

  @Test
  void aServerOfPromptsGetsWhatTheClientSent() {
    provider.behave(call -> call.json(200, TEXT.formatted(0, " a time", "\"stop\"", USAGE)));

    Completion answer =
        client
            .completions()
            .create(
                request("own/base", "")
                    .promptOfArrayOfTokens(List.of(1L, 2L, 3L))
                    .suffix("end")
                    .build());

    assertThat(answer.choices().getFirst().text()).isEqualTo(" a time");
    JsonNode raw = Gateway.json(ObjectMappers.jsonMapper().valueToTree(answer).toString());
    assertThat(raw.at("/choices/0").has("stop_reason")).as("what servers say besides").isTrue();
    assertThat(provider.call().target()).isEqualTo("/v1/completions");
    assertThat(Gateway.json(provider.call().body()))
        .isEqualTo(Gateway.json("{\"model\":\"base\",\"prompt\":[1,2,3],\"suffix\":\"end\"}"));
  }

  @Test
  void itsEventsPassAsTheyAreAndItsUsageIfAskedFor() {
    provider.behave(call -> {
      call.beginStream();
      call.event(TEXT.formatted(0, " a", "null", ""));
      call.event(TEXT.formatted(0, " time", "\"length\"", ""));
      call.event(
          "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":7,\"model\":\"base\",\"choices\":[]"
              + USAGE
              + "}");
      call.event("[DONE]");
      call.endChunks();
    });
    CompletionCreateParams.Builder request = request("own/base", "Once upon").seed(1);
    List<Completion> events = stream(request.build());
    assertThat(text(events)).isEqualTo(" a time");
    assertThat(events).hasSize(2).allSatisfy(event -> assertThat(event.usage()).isEmpty());
    JsonNode sent = Gateway.json(provider.call().body());
    assertThat(sent.at("/stream_options/include_usage").asBoolean()).isTrue();

    List<Completion> again =
        stream(
            request
                .seed(2) // the cache has the answer to the other, as one event
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());
    assertThat(again).hasSize(3);
    assertThat(again.getLast().usage())
        .hasValueSatisfying(usage -> assertThat(usage.totalTokens()).isEqualTo(5));
  }

  @Test
  void itsAnswersComeOutOfTheCacheAsTheyWere() {
    provider.behave(call -> {
      call.beginStream();
      call.event(TEXT.formatted(0, "one", "null", ""));
      call.event(TEXT.formatted(1, "two", "null", ""));
      call.event(TEXT.formatted(0, " more", "\"stop\"", ""));
      call.event(TEXT.formatted(1, "", "\"stop\"", ""));
      call.event("[DONE]");
      call.endChunks();
    });
    CompletionCreateParams request = request("own/base", "Count").n(2).seed(2).build();
    String first = text(stream(request));
    await()
        .untilAsserted(() -> {
          forget();
          assertThat(text(stream(request))).hasSameSizeAs(first).contains("one more", "two");
          assertThat(provider.calls()).isEmpty();
        });
  }

  @Test
  void aServerThatAnswersWholeIsStreamed() {
    provider.behave(call -> call.json(200, TEXT.formatted(0, " a time", "\"stop\"", USAGE)));
    assertThat(text(stream(request("own/base", "Once upon").seed(3).build()))).isEqualTo(" a time");
  }
}
