package io.iir.api.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.WebSearchTool;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** OpenAI's own Java client speaks the Responses API to a model that knows chats alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponsesClientIT {

  private static final String CALL =
      """
      {"id":"c1","object":"chat.completion","created":7,"model":"m","choices":[{"index":0,"message":\
      {"role":"assistant","content":null,"reasoning_content":"It asks for the weather.","tool_calls":[\
      {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Oslo\\"}"}},\
      {"id":"call_2","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Rome\\"}"}}]},\
      "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"completion_tokens":8,"total_tokens":17,\
      "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}}\
      """;

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

  private static ResponseCreateParams.Builder request() {
    return ResponseCreateParams.builder().model("fake/m");
  }

  private static FunctionTool weather() {
    return FunctionTool.builder()
        .name("weather")
        .description("The weather")
        .parameters(
            FunctionTool.Parameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .build())
        .strict(false)
        .build();
  }

  private JsonNode sent() {
    return Gateway.json(provider.call().body());
  }

  @Test
  void answers() {
    provider.behave(call -> call.completion("Hi there", 5, 1));

    Response answer =
        client.responses().create(request().instructions("Be kind").input("Hello").build());

    assertThat(text(answer)).isEqualTo("Hi there");
    assertThat(answer.id()).startsWith("resp_");
    assertThat(answer.status()).contains(ResponseStatus.COMPLETED);
    assertThat(answer.usage())
        .hasValueSatisfying(usage -> {
          assertThat(usage.inputTokens()).isEqualTo(5);
          assertThat(usage.outputTokens()).isEqualTo(1);
          assertThat(usage.inputTokensDetails().cachedTokens()).isZero();
        });
    assertThat(answer.validate()).isSameAs(answer);
    assertThat(sent())
        .isEqualTo(
            Gateway.json(
                """
                {"model":"m","messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"Hello"}]}\
                """));
  }

  @Test
  void streams() {
    provider.behave(call -> {
      call.beginStream();
      call.token("Hi ");
      call.token("there, 😀 \\\\n \\\"you\\\"");
      call.endStream(5, 2);
    });
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    List<ResponseStreamEvent> events = new ArrayList<>();
    try (StreamResponse<ResponseStreamEvent> stream =
        client.responses().createStreaming(request().input("Hello").build())) {
      stream.stream().peek(accumulator::accumulate).forEach(events::add);
    }

    String deltas =
        events.stream()
            .flatMap(event -> event.outputTextDelta().stream())
            .map(delta -> delta.delta())
            .collect(Collectors.joining());
    assertThat(deltas).isEqualTo("Hi there, 😀 \\n \"you\"");
    assertThat(text(accumulator.response())).isEqualTo(deltas);
    assertThat(accumulator.response().usage())
        .hasValueSatisfying(usage -> assertThat(usage.totalTokens()).isEqualTo(7));
    events.forEach(event -> event.validate());
    assertThat(sent().path("stream_options").path("include_usage").asBoolean()).isTrue();
  }

  @Test
  void callsToolsAndHandsBackTheirResults() {
    provider.behave(call -> call.json(200, CALL));
    Response first =
        client
            .responses()
            .create(
                request()
                    .input("Weather in Oslo and Rome?")
                    .addTool(weather())
                    .reasoning(
                        Reasoning.builder()
                            .effort(ReasoningEffort.LOW)
                            .summary(Reasoning.Summary.AUTO)
                            .build())
                    .store(false)
                    .build());
    first.validate();
    List<ResponseFunctionToolCall> calls =
        first.output().stream().flatMap(item -> item.functionCall().stream()).toList();
    assertThat(calls)
        .extracting(ResponseFunctionToolCall::callId)
        .containsExactly("call_1", "call_2");
    assertThat(sent().path("reasoning_effort").asText()).isEqualTo("low");
    forget();
    provider.behave(call -> call.completion("Cold and warm", 5, 1));

    List<ResponseInputItem> input = new ArrayList<>();
    input.add(
        ResponseInputItem.ofEasyInputMessage(
            EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .content("Weather in Oslo and Rome?")
                .build()));
    first
        .output()
        .forEach(item -> {
          item.reasoning().ifPresent(r -> input.add(ResponseInputItem.ofReasoning(r)));
          item.functionCall().ifPresent(c -> input.add(ResponseInputItem.ofFunctionCall(c)));
        });
    calls.forEach(call ->
        input.add(
            ResponseInputItem.ofFunctionCallOutput(
                ResponseInputItem.FunctionCallOutput.builder()
                    .callId(call.callId())
                    .output("fine")
                    .build())));
    client.responses().create(request().inputOfResponse(input).addTool(weather()).build());

    assertThat(sent().path("messages"))
        .isEqualTo(
            Gateway.json(
                """
                [{"role":"user","content":"Weather in Oslo and Rome?"},
                 {"role":"assistant","content":null,"tool_calls":[
                   {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Oslo\\"}"}},
                   {"id":"call_2","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Rome\\"}"}}]},
                 {"role":"tool","tool_call_id":"call_1","content":"fine"},
                 {"role":"tool","tool_call_id":"call_2","content":"fine"}]
                """));
  }

  @Test
  void aBrokenStreamIsNoCompleteAnswer() {
    provider.behave(call -> {
      call.beginStream();
      call.token("Hi");
      call.close();
    });
    assertThatExceptionOfType(OpenAIException.class)
        .isThrownBy(() -> {
          try (StreamResponse<ResponseStreamEvent> stream =
              client.responses().createStreaming(request().input("Hello").build())) {
            assertThat(stream.stream()).noneMatch(event -> event.completed().isPresent());
          }
        })
        .withMessageContaining("ended before its answer did");
  }

  @Test
  void refusesWhatItCannotCarryByName() {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() ->
            client
                .responses()
                .create(
                    request()
                        .input("Hello")
                        .addTool(weather())
                        .addTool(
                            WebSearchTool.builder().type(WebSearchTool.Type.WEB_SEARCH).build())
                        .build()))
        .satisfies(e -> {
          assertThat(e.param()).contains("tools[1].type");
          assertThat(e.code()).contains("invalid_request");
        });
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() ->
            client
                .responses()
                .create(request().input("Hello").previousResponseId("resp_1").build()))
        .satisfies(e -> assertThat(e.param()).contains("previous_response_id"))
        .withMessageContaining("'input'");
    assertThat(provider.calls()).isEmpty();
  }

  private static String text(Response answer) {
    return answer.output().stream()
        .flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream())
        .flatMap(content -> content.outputText().stream())
        .map(text -> text.text())
        .collect(Collectors.joining());
  }
}
