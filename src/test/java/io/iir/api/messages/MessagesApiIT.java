package io.iir.api.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.ErrorType;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Chunks;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Rules;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Anthropic's own Java client takes the gateway for Anthropic, whatever model is behind it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MessagesApiIT {

  private final FakeProvider provider = new FakeProvider(call -> call.reset());
  private final FakeProvider anthropic = new FakeProvider(call -> call.reset());
  private final Gateway gateway =
      Gateway.start(
          Gateway.all(
              Gateway.provider("up", provider.baseUrl()),
              new String[] {
                "iir.providers.anthropic.protocol=anthropic",
                "iir.providers.anthropic.base-url=" + anthropic.baseUrl(),
                "iir.providers.anthropic.api-key=sk-ant",
                "iir.providers.anthropic.models=any",
                "iir.aliases.claude-sonnet-4-5=up/m",
                "iir.cache.enabled=false"
              }));
  private final AnthropicClient client = client(Gateway.ADMIN_KEY);

  @BeforeEach
  void forget() {
    provider.calls().clear();
    anthropic.calls().clear();
    provider.behave(call -> call.completion("Hello there", 30, 3));
  }

  @AfterAll
  void stop() throws IOException {
    client.close();
    gateway.close();
    provider.close();
    anthropic.close();
  }

  private AnthropicClient client(String key) {
    return AnthropicOkHttpClient.builder()
        .baseUrl(gateway.url("").toString())
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  private static MessageCreateParams.Builder ask(String model, String text) {
    return MessageCreateParams.builder().model(model).maxTokens(64).addUserMessage(text);
  }

  private JsonNode sent() {
    return Gateway.json(provider.calls().getLast().body());
  }

  @Test
  void chats() {
    Message message = client.messages().create(ask("up/m", "Hi").system("Be brief.").build());

    assertThat(text(message)).isEqualTo("Hello there");
    assertThat(message.stopReason()).contains(StopReason.END_TURN);
    assertThat(message.usage().inputTokens()).isEqualTo(30);
    assertThat(message.usage().outputTokens()).isEqualTo(3);
    assertThat(message.id()).startsWith("msg_");
    assertThat(message.validate()).isSameAs(message);
    assertThat(sent())
        .isEqualTo(
            Gateway.json(
                """
                {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"max_tokens":64}\
                """));
  }

  @Test
  void takesBearerTokensAndAliases() {
    AnthropicClient bearer =
        AnthropicOkHttpClient.builder()
            .baseUrl(gateway.url("").toString())
            .authToken(Gateway.ADMIN_KEY)
            .build();

    assertThat(text(bearer.messages().create(ask("claude-sonnet-4-5", "Hi").build())))
        .isEqualTo("Hello there");
    bearer.close();
  }

  @Test
  void streams() {
    provider.behave(call -> {
      call.beginStream();
      call.token("Hel");
      call.token("lo 😀");
      call.endStream(30, 3);
    });
    MessageAccumulator message = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(ask("up/m", "Hi").build())) {
      stream.stream().peek(RawMessageStreamEvent::validate).forEach(message::accumulate);
    }

    assertThat(text(message.message())).isEqualTo("Hello 😀");
    assertThat(message.message().stopReason()).contains(StopReason.END_TURN);
    assertThat(message.message().usage().outputTokens()).isEqualTo(3);
    assertThat(sent().at("/stream_options/include_usage").asBoolean()).isTrue();
  }

  @Test
  void callsToolsInBothForms() {
    String calls =
        """
        [{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Bern\\"}"}},\
        {"index":1,"id":"call_2","type":"function","function":{"name":"time","arguments":"{}"}}]\
        """;
    provider.behave(call -> {
      if (call.body().contains("\"stream\":true")) {
        call.beginStream();
        call.event(
            "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":%s}}]}"
                .formatted(calls));
        call.event(Chunks.FINISH.replace("\"stop\"", "\"tool_calls\""));
        call.event(Chunks.usage(30, 3));
        call.event("[DONE]");
        call.endChunks();
      } else {
        call.json(
            200,
            """
            {"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant",\
            "content":null,"tool_calls":%s},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}\
            """
                .formatted(calls));
      }
    });
    MessageCreateParams asked = ask("up/m", "Weather?").addTool(weather()).build();
    MessageAccumulator streamed = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(asked)) {
      stream.stream().forEach(streamed::accumulate);
    }
    Message whole = client.messages().create(asked);

    for (Message message : List.of(streamed.message(), whole)) {
      assertThat(message.stopReason()).contains(StopReason.TOOL_USE);
      List<ToolUseBlock> uses =
          message.content().stream().flatMap(block -> block.toolUse().stream()).toList();
      assertThat(uses).extracting(ToolUseBlock::id).containsExactly("call_1", "call_2");
      assertThat(uses).extracting(ToolUseBlock::name).containsExactly("weather", "time");
      assertThat(uses.getFirst()._input()).isEqualTo(JsonValue.from(Map.of("city", "Bern")));
    }

    provider.behave(call -> call.completion("Sunny", 40, 1));
    Message answer =
        client
            .messages()
            .create(
                asked.toBuilder()
                    .addMessage(whole)
                    .addUserMessageOfContentBlockParams(
                        whole.content().stream()
                            .map(block -> result(block.asToolUse().id(), "sunny"))
                            .toList())
                    .build());

    assertThat(text(answer)).isEqualTo("Sunny");
    assertThat(sent().at("/messages/1/tool_calls/0/id").asText()).isEqualTo("call_1");
    assertThat(sent().at("/messages/1/tool_calls/0/function/arguments").asText())
        .isEqualTo("{\"city\":\"Bern\"}");
    assertThat(sent().at("/messages/3"))
        .isEqualTo(
            Gateway.json("{\"role\":\"tool\",\"tool_call_id\":\"call_2\",\"content\":\"sunny\"}"));
  }

  @Test
  void countsTokens() {
    long tokens =
        client
            .messages()
            .countTokens(
                MessageCountTokensParams.builder()
                    .model("up/m")
                    .addUserMessage("one two three four five six seven eight nine ten")
                    .build())
            .inputTokens();

    assertThat(tokens).isBetween(8L, 30L);
    assertThat(provider.calls()).isEmpty();
  }

  @Test
  void letsAnthropicCountWhatItWouldAnswer() {
    anthropic.behave(call -> call.json(200, "{\"input_tokens\":2095}"));
    MessageCountTokensParams asked =
        MessageCountTokensParams.builder()
            .model("claude-opus-4-5")
            .addUserMessage("Hi")
            .putAdditionalBodyProperty(
                "tools",
                JsonValue.from(
                    List.of(Map.of("type", "web_search_20250305", "name", "web_search"))))
            .build();

    assertThat(client.messages().countTokens(asked).inputTokens()).isEqualTo(2095);
    assertThat(anthropic.call().target()).isEqualTo("/v1/messages/count_tokens");
    assertThat(anthropic.call().headers().getFirst("x-api-key")).isEqualTo("sk-ant");
    assertThat(Gateway.json(anthropic.call().body()))
        .isEqualTo(
            Gateway.json(
                """
                {"model":"claude-opus-4-5","messages":[{"role":"user","content":"Hi"}],\
                "tools":[{"type":"web_search_20250305","name":"web_search"}]}\
                """));

    anthropic.behave(call -> call.json(500, "{}"));
    assertThat(client.messages().countTokens(asked).inputTokens()).isBetween(1L, 100L);
  }

  @Test
  void asksNobodyElseToCount(@TempDir Path routes) throws Exception {
    anthropic.behave(call -> call.json(500, "{}"));
    try (Gateway both =
        Gateway.start(
            Gateway.all(
                Gateway.provider("up", provider.baseUrl()),
                Rules.choosing(routes, "anthropic/claude-opus-4-5, up/m"),
                new String[] {
                  "iir.providers.anthropic.base-url=" + anthropic.baseUrl(),
                  "iir.providers.anthropic.api-key=sk-ant",
                  "iir.providers.anthropic.models=any",
                  "iir.retry.attempts=0"
                }))) {
      String counted =
          both.send(
                  both.request("/v1/messages/count_tokens", "Content-Type", "application/json")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
                      .build())
              .body();
      assertThat(Gateway.json(counted).path("input_tokens").asInt()).isPositive();
    }
    assertThat(anthropic.calls()).hasSize(1);
    assertThat(provider.calls()).as("an answer would cost").isEmpty();
  }

  @Test
  void losesNothingBetweenAnthropicAndItsClient() {
    String events =
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":1,"novelty":1.50}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":9}}

        event: message_stop
        data: {"type":"message_stop"}

        """;
    String asked =
        """
        {"model":"claude-opus-4-5","max_tokens":9, "stream":true,"context_management":{},"tools":[{"type":"web_search_20250305","name":"web_search"}],\
        "messages":[{"role":"user","content":"Hi"}]}\
        """;
    anthropic.behave(call -> {
      call.beginStream();
      call.chunk(events);
      call.endChunks();
    });

    HttpResponse<String> answer = post(asked);

    assertThat(answer.body()).isEqualTo(events);
    assertThat(anthropic.call().body()).isEqualTo(asked);
    assertThat(anthropic.call().headers().getFirst("anthropic-version")).isEqualTo("2023-06-01");
    assertThat(anthropic.call().headers().getFirst("anthropic-beta")).isEqualTo("a-1,b-2");
  }

  @Test
  void namesTheFieldThatIsWrong() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() ->
            client
                .messages()
                .create(
                    ask("up/m", "Hi")
                        .putAdditionalBodyProperty(
                            "tool_choice", JsonValue.from(Map.of("type", "tool")))
                        .addTool(weather())
                        .build()))
        .withMessageContaining("tool_choice.name")
        .satisfies(e -> assertThat(type(e)).isEqualTo("invalid_request_error"));
  }

  @Test
  void refusesServerToolsWhereNobodyRunsThem() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() ->
            client
                .messages()
                .create(
                    ask("up/m", "Hi")
                        .putAdditionalBodyProperty(
                            "tools",
                            JsonValue.from(
                                List.of(
                                    Map.of("type", "web_search_20250305", "name", "web_search"))))
                        .build()))
        .withMessageContaining("tools[0].type");
    assertThat(provider.calls()).isEmpty();
  }

  @Test
  void refusesInAnthropicsForm() {
    AnthropicClient stranger = client("sk-unknown");
    assertThatExceptionOfType(UnauthorizedException.class)
        .isThrownBy(() -> stranger.messages().create(ask("up/m", "Hi").build()))
        .satisfies(e -> assertThat(type(e)).isEqualTo("authentication_error"));
    assertThatExceptionOfType(UnauthorizedException.class)
        .isThrownBy(() ->
            stranger
                .messages()
                .countTokens(
                    MessageCountTokensParams.builder().model("up/m").addUserMessage("Hi").build()));
    stranger.close();
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> client.messages().create(ask("nowhere/m", "Hi").build()))
        .satisfies(e -> assertThat(type(e)).isEqualTo("not_found_error"));
    provider.behave(call ->
        call.json(422, "{\"error\":{\"message\":\"too odd\",\"type\":\"invalid_request_error\"}}"));
    assertThatExceptionOfType(AnthropicServiceException.class)
        .isThrownBy(() -> client.messages().create(ask("up/m", "Hi").build()))
        .satisfies(e -> {
          assertThat(e.statusCode()).isEqualTo(422);
          assertThat(type(e)).isEqualTo("invalid_request_error");
        })
        .withMessageContaining("too odd");
  }

  @Test
  void tellsThatAStreamBroke() {
    provider.behave(call -> {
      call.beginStream();
      call.token("Hel");
      call.close();
    });
    StringBuilder seen = new StringBuilder();

    assertThatExceptionOfType(SseException.class)
        .isThrownBy(() -> {
          try (StreamResponse<RawMessageStreamEvent> stream =
              client.messages().createStreaming(ask("up/m", "Hi").build())) {
            stream.stream()
                .flatMap(event -> event.contentBlockDelta().stream())
                .flatMap(event -> event.delta().text().stream())
                .forEach(delta -> seen.append(delta.text()));
          }
        });
    assertThat(seen).hasToString("Hel");
  }

  @Test
  void sendsTheEventsByTheirNames() {
    provider.behave(call -> {
      call.beginStream();
      call.token("Hello");
      call.endStream(30, 3);
    });
    HttpResponse<String> answer =
        post(
            """
            {"model":"up/m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]}\
            """);

    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(answer.body().lines().filter(line -> line.startsWith("event: ")))
        .containsExactly(
            "event: message_start",
            "event: content_block_start",
            "event: content_block_delta",
            "event: content_block_stop",
            "event: message_delta",
            "event: message_stop");
    assertThat(answer.body()).doesNotContain("[DONE]");
  }

  /** What a client sends that has no library. */
  private HttpResponse<String> post(String body) {
    return gateway.send(
        HttpRequest.newBuilder(gateway.url("/v1/messages?beta=true"))
            .header("x-api-key", Gateway.ADMIN_KEY)
            .header("anthropic-version", "2023-06-01")
            .header("anthropic-beta", "a-1,b-2")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static Tool weather() {
    return Tool.builder()
        .name("weather")
        .description("The weather of a city")
        .inputSchema(
            Tool.InputSchema.builder()
                .properties(
                    Tool.InputSchema.Properties.builder()
                        .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                        .build())
                .build())
        .build();
  }

  private static ContentBlockParam result(String id, String text) {
    return ContentBlockParam.ofToolResult(
        ToolResultBlockParam.builder().toolUseId(id).content(text).build());
  }

  private static String text(Message message) {
    StringBuilder text = new StringBuilder();
    message.content().stream()
        .flatMap((ContentBlock block) -> block.text().stream())
        .forEach(block -> text.append(block.text()));
    return text.toString();
  }

  private static String type(AnthropicServiceException e) {
    return e.type().map(ErrorType::asString).orElse("");
  }
}
