package io.iir.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.iir.testing.Gateway;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On recorded answers; what a client makes of them is the kit's. */
class AnthropicTranslatorTest {

  private static final String MESSAGE_START =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","model":"claude-x","usage":{"input_tokens":3,"output_tokens":1}}}

      """;

  private static byte[] recorded(String name) {
    try (InputStream in =
        AnthropicTranslatorTest.class.getResourceAsStream("/protocol/anthropic/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String streamed(AnthropicTranslator translator, byte[] wire, int piece) {
    StringBuilder all = new StringBuilder();
    for (int from = 0; from < wire.length; from += piece) {
      byte[] part = Arrays.copyOfRange(wire, from, Math.min(wire.length, from + piece));
      ByteBuf events = translator.events(Unpooled.copiedBuffer(part));
      if (events != null) {
        all.append(events.toString(UTF_8));
        events.release();
      }
    }
    assertThat(translator.end()).isNull();
    translator.close();
    return all.toString();
  }

  private static List<JsonNode> chunks(String events) {
    List<JsonNode> chunks = new ArrayList<>();
    for (String event : events.strip().split("\n\n", -1)) {
      assertThat(event).startsWith("data: ").doesNotContain("\n");
      if (!event.equals("data: [DONE]")) {
        chunks.add(Gateway.json(event.substring(6)));
      }
    }
    return chunks;
  }

  private static List<JsonNode> chunks(byte[] wire) {
    return chunks(streamed(AnthropicTranslator.plain(), wire, wire.length));
  }

  private static JsonNode delta(JsonNode chunk) {
    return chunk.path("choices").path(0).path("delta");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"chat", "tools", "parallel-tools", "reasoning", "redacted", "refusal", "caching"})
  void howAStreamIsCutDoesNotMatter(String name) {
    byte[] wire = recorded(name + ".sse");
    String whole = streamed(AnthropicTranslator.plain(), wire, wire.length);

    assertThat(whole).endsWith("data: [DONE]\n\n");
    for (int piece : new int[] {1, 7, 61}) {
      String pieces = streamed(AnthropicTranslator.plain(), wire, piece);
      assertThat(pieces.replaceAll("\"created\":\\d+", ""))
          .isEqualTo(whole.replaceAll("\"created\":\\d+", ""));
    }
  }

  @Test
  void aTextBeginsWithTheRoleAndEndsWithReasonAndUsage() {
    List<JsonNode> chunks = chunks(recorded("chat.sse"));

    assertThat(chunks)
        .allSatisfy(chunk -> {
          assertThat(chunk.path("id").asText()).isEqualTo("msg_01QC4g3HwBThD4BaNtBckFDJ");
          assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
          assertThat(chunk.path("model").asText()).isEqualTo("claude-sonnet-4-5-20250929");
          assertThat(chunk.path("created").asLong()).isPositive();
        });
    assertThat(delta(chunks.getFirst()))
        .isEqualTo(Calls.json("{\"role\":\"assistant\",\"content\":\"\"}"));
    assertThat(delta(chunks.get(1))).isEqualTo(Calls.json("{\"content\":\"Hello\"}"));
    assertThat(chunks.get(chunks.size() - 2).path("choices"))
        .isEqualTo(
            Calls.json(
                "[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]"));
    assertThat(chunks.getLast().path("choices")).isEmpty();
    assertThat(chunks.getLast().path("usage").path("completion_tokens").asInt()).isEqualTo(30);
  }

  @Test
  void callsAreNumberedAndHaveTheirArgumentsInPieces() {
    List<JsonNode> calls =
        chunks(recorded("parallel-tools.sse")).stream()
            .map(chunk -> delta(chunk).path("tool_calls").path(0))
            .filter(JsonNode::isObject)
            .toList();

    assertThat(calls.getFirst())
        .isEqualTo(
            Calls.json(
                """
                {"index":0,"id":"toolu_014x5X91kx3fvdhpLvwXZWE2","type":"function",
                 "function":{"name":"get_weather","arguments":""}}\
                """));
    assertThat(calls.get(1))
        .isEqualTo(Calls.json("{\"index\":0,\"function\":{\"arguments\":\"{\\\"\"}}"));
    assertThat(calls.getLast().path("index").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{} | {}", "{\"a\":1.50} | {\"a\":1.50}"})
  void aCallWithoutPiecesHasTheInputOfItsBeginning(String input, String arguments) {
    List<JsonNode> chunks =
        chunks(
            (MESSAGE_START
                    + """
                    data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":%s}}

                    data: {"type":"content_block_stop","index":0}

                    """
                        .formatted(input))
                .getBytes(UTF_8));

    assertThat(delta(chunks.getLast()).path("tool_calls").path(0).path("function"))
        .isEqualTo(JsonNodeFactory.instance.objectNode().put("arguments", arguments));
  }

  @Test
  void whatAToolOfAnthropicsOwnDoesIsNoCall() {
    List<JsonNode> chunks =
        chunks(
            (MESSAGE_START
                    + """
                    data: {"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}

                    data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}

                    data: {"type":"content_block_stop","index":0}

                    data: {"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{}}}

                    data: {"type":"something_new"}

                    """)
                .getBytes(UTF_8));

    assertThat(chunks).hasSize(1);
  }

  @Test
  void thoughtsAreToldWithTheirSignature() {
    List<JsonNode> chunks = chunks(recorded("reasoning.sse"));
    JsonNode first = delta(chunks.get(1));

    assertThat(first)
        .isEqualTo(
            Calls.json(
                """
                {"reasoning_details":[{"type":"reasoning.text","text":"I",
                  "format":"anthropic-claude-v1","index":0}],"reasoning_content":"I"}\
                """));
    assertThat(chunks.toString()).contains("\"signature\":\"EsECCokBCBAYAipA9i3HF1aHpQITkdN8OvLd");
    assertThat(chunks.getLast().path("usage").path("completion_tokens_details"))
        .isEqualTo(Calls.json("{\"reasoning_tokens\":62}"));
  }

  @Test
  void thoughtsThatNobodyCanReadGoAlong() {
    JsonNode detail =
        delta(chunks(recorded("redacted.sse")).get(1)).path("reasoning_details").path(0);

    assertThat(detail.path("type").asText()).isEqualTo("reasoning.encrypted");
    assertThat(detail.path("data").asText()).startsWith("EtgBCkYIBxgCKkDQfGkwzflEJP5asG3oQfJX");
  }

  @Test
  void cachedTokensAreInThePrompt() {
    assertThat(chunks(recorded("caching.sse")).getLast().path("usage"))
        .isEqualTo(
            Calls.json(
                """
                {"prompt_tokens":1169,"completion_tokens":201,"total_tokens":1370,
                 "prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":1165},
                 "completion_tokens_details":{"reasoning_tokens":0}}\
                """));
  }

  @Test
  void aRefusalIsExplained() {
    List<JsonNode> chunks = chunks(recorded("refusal.sse"));
    JsonNode last = chunks.get(chunks.size() - 2).path("choices").path(0);

    assertThat(last.path("finish_reason").asText()).isEqualTo("content_filter");
    assertThat(last.path("delta").path("refusal").asText()).contains("Usage Policy");
  }

  @Test
  void aStreamThatFailsSaysWhy() {
    String error =
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"details\":null,"
            + "\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

    assertThat(streamed(AnthropicTranslator.plain(), (MESSAGE_START + error).getBytes(UTF_8), 1000))
        .endsWith(
            "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\","
                + "\"param\":null,\"code\":\"overloaded\"}}\n\n");
  }

  @Test
  void aStreamThatIsCutIsNotComplete() {
    byte[] wire = recorded("chat.sse");
    String events =
        streamed(AnthropicTranslator.plain(), Arrays.copyOf(wire, wire.length - 30), wire.length);

    assertThat(events).doesNotContain("[DONE]").doesNotContain("\"usage\":{");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: {\"type\":\n\n", "data: []\n\n", "data: hello\n\n"})
  void aStreamThatIsNoneIsSaidToBe(String wire) {
    AnthropicTranslator translator = AnthropicTranslator.plain();
    ByteBuf bytes = Unpooled.copiedBuffer(MESSAGE_START + wire, UTF_8);

    assertThatIllegalStateException()
        .isThrownBy(() -> translator.events(bytes))
        .withMessageContaining("no JSON object");
    translator.close();
    assertThat(bytes.refCnt()).isZero();
  }

  @Test
  void theBeginningOfAnEventIsReleased() {
    AnthropicTranslator translator = AnthropicTranslator.plain();

    assertThat(translator.events(Unpooled.copiedBuffer("data: {\"ty", UTF_8))).isNull();
    translator.close();
  }

  @Test
  void eachEventGoesAlongForAClientOfAnthropicsApi() {
    byte[] wire = recorded("reasoning.sse");
    List<JsonNode> chunks = chunks(streamed(AnthropicTranslator.verbatim(), wire, 61));
    List<JsonNode> sent = new ArrayList<>();
    for (String event : new String(wire, UTF_8).strip().split("\n\n", -1)) {
      sent.add(Gateway.json(event.substring(event.indexOf("data: ") + 6)));
    }

    assertThat(
            chunks.stream().map(chunk -> chunk.path("anthropic_event")).filter(JsonNode::isObject))
        .containsExactlyElementsOf(sent);
    assertThat(chunks.stream().filter(chunk -> chunk.has("anthropic_event")))
        .allSatisfy(chunk -> assertThat(chunk.path("choices")).isNotEmpty());
  }

  @Test
  void anEventOfSeveralLinesGoesAlongInOne() {
    String wire = "data: {\"type\":\"ping\",\ndata: \"x\":1}\n\n";

    assertThat(streamed(AnthropicTranslator.verbatim(), wire.getBytes(UTF_8), 5))
        .contains("\"anthropic_event\":{\"type\":\"ping\", \"x\":1}");
  }

  // ---- whole answers

  private static JsonNode whole(String json) {
    return Gateway.json(
        new String(AnthropicTranslator.plain().whole(200, json.getBytes(UTF_8)), UTF_8));
  }

  @Test
  void aWholeAnswerIsACompletion() {
    JsonNode completion = whole(new String(recorded("reasoning.json"), UTF_8));
    JsonNode message = completion.path("choices").path(0).path("message");

    assertThat(completion.path("object").asText()).isEqualTo("chat.completion");
    assertThat(completion.path("id").asText()).isEqualTo("msg_011CdMGQkaWBowzKjDD9nzPh");
    assertThat(message.path("content").asText()).isEqualTo("2 + 2 = 4");
    assertThat(message.path("refusal").isNull()).isTrue();
    assertThat(message.path("reasoning_content").asText()).startsWith("This is a straight");
    assertThat(message.path("reasoning_details").path(0).path("signature").asText())
        .startsWith("CAISzQIKhwEIEBgCKkA6UEt5");
    assertThat(completion.path("usage").path("total_tokens").asInt()).isEqualTo(57);
  }

  @Test
  void callsHaveTheirArgumentsAsText() {
    JsonNode call =
        whole(new String(recorded("tools.json"), UTF_8))
            .path("choices")
            .path(0)
            .path("message")
            .path("tool_calls")
            .path(0);

    assertThat(call)
        .isEqualTo(
            Calls.json(
                """
                {"id":"toolu_01GKTmLC6p74jArCZhsHVsX5","type":"function","function":
                 {"name":"return_fruit",
                  "arguments":"{\\"color\\":\\"yellow\\",\\"name\\":\\"banana\\"}"}}\
                """));
  }

  @Test
  void aRefusedAnswerHasNoTextButAReason() {
    JsonNode choice = whole(new String(recorded("refusal.json"), UTF_8)).path("choices").path(0);

    assertThat(choice.path("finish_reason").asText()).isEqualTo("content_filter");
    assertThat(choice.path("message").path("content").isNull()).isTrue();
    assertThat(choice.path("message").path("refusal").asText()).contains("cyber content");
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, stop",
    "stop_sequence, stop",
    "max_tokens, length",
    "model_context_window_exceeded, length",
    "tool_use, tool_calls",
    "pause_turn, stop",
    "refusal, content_filter",
    "something_new, stop"
  })
  void whyItEnds(String stopReason, String finish) {
    JsonNode choice =
        whole(
                "{\"content\":[],\"stop_reason\":\"%s\",\"stop_sequence\":\"X\"}"
                    .formatted(stopReason))
            .path("choices")
            .path(0);

    assertThat(choice.path("finish_reason").asText()).isEqualTo(finish);
    assertThat(choice.path("stop_reason").asText()).isEqualTo("X");
  }

  @Test
  void theMessageGoesAlongForAClientOfAnthropicsApi() {
    byte[] message = recorded("tools.json");
    JsonNode completion =
        Gateway.json(new String(AnthropicTranslator.verbatim().whole(200, message), UTF_8));

    assertThat(completion.path("anthropic_message"))
        .isEqualTo(Gateway.json(new String(message, UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"content\":\"text\"}"})
  void whatIsNoMessageIsSaidToBeNone(String body) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AnthropicTranslator.plain().whole(200, body.getBytes(UTF_8)))
        .withMessageContaining("no message of Anthropic's");
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error, max_tokens: 1 > 0, invalid_request_error, invalid_request",
    "400, invalid_request_error, prompt is too long: 9 tokens > 8, invalid_request_error,"
        + " context_length_exceeded",
    "400, invalid_request_error, Your credit balance is too low, insufficient_quota,"
        + " insufficient_quota",
    "401, authentication_error, invalid x-api-key, authentication_error, invalid_api_key",
    "402, billing_error, pay, insufficient_quota, insufficient_quota",
    "403, permission_error, no, permission_error, permission_denied",
    "404, not_found_error, model: x, invalid_request_error, model_not_found",
    "404, not_found_error, Not Found, invalid_request_error, not_found",
    "413, request_too_large, big, invalid_request_error, request_too_large",
    "429, rate_limit_error, slow down, rate_limit_error, rate_limit_exceeded",
    "500, api_error, Internal server error, server_error, provider_error",
    "504, timeout_error, late, server_error, provider_timeout",
    "529, overloaded_error, Overloaded, server_error, overloaded"
  })
  void errors(int status, String type, String message, String toType, String toCode) {
    String body =
        "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"},\"request_id\":\"r\"}"
            .formatted(type, message);
    JsonNode error =
        Gateway.json(
                new String(AnthropicTranslator.plain().whole(status, body.getBytes(UTF_8)), UTF_8))
            .path("error");

    assertThat(error.path("message").asText()).isEqualTo(message);
    assertThat(error.path("type").asText()).isEqualTo(toType);
    assertThat(error.path("code").asText()).isEqualTo(toCode);
  }

  @ParameterizedTest
  @CsvSource({
    "400, Your credit balance is too low to access the Anthropic API., 402",
    "400, max_tokens: 1 > 0, 400",
    "429, Your credit balance is too low, 429"
  })
  void anAccountThatMustPayIsNotTheClientsFault(int status, String message, int told) {
    byte[] body =
        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"%s\"}}"
            .formatted(message)
            .getBytes(UTF_8);

    assertThat(AnthropicTranslator.plain().status(status, body)).isEqualTo(told);
    assertThat(new CountTranslator().status(status, body)).isEqualTo(told);
  }

  @Test
  void anErrorThatIsNoneOfAnthropicsIsOneAllTheSame() {
    assertThat(new String(AnthropicTranslator.plain().whole(502, "<html>".getBytes(UTF_8)), UTF_8))
        .contains("\"message\":\"Provider 'anthropic' answered 502");
  }

  @Test
  void nothingIsKeptOfEventsBeforeOneThatIsTooLong() {
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    AnthropicTranslator translator = AnthropicTranslator.plain();
    ByteBuf wire = allocator.buffer().writeBytes(MESSAGE_START.getBytes(UTF_8));
    wire.writeBytes("data: ".getBytes(UTF_8)).writeZero(9 << 20);

    assertThatIllegalStateException()
        .isThrownBy(() -> translator.events(wire))
        .withMessageContaining("longer than");
    translator.close();

    assertThat(wire.refCnt()).isZero();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void streamsAreKnownByTheirType() {
    AnthropicTranslator translator = AnthropicTranslator.plain();

    assertThat(translator.isStream("text/event-stream; charset=utf-8")).isTrue();
    assertThat(translator.isStream("application/json")).isFalse();
  }
}
