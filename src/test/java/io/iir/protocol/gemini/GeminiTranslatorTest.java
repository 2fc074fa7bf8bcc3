package io.iir.protocol.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.CompletionAssembler;
import io.iir.testing.Gateway;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiTranslatorTest {

  private static JsonNode choice(String event) {
    return Gateway.json(event).path("choices").path(0);
  }

  @ParameterizedTest
  @CsvSource({
    "text/event-stream, true",
    "Text/Event-Stream; charset=utf-8, true",
    "application/json, false"
  })
  void knowsAStream(String type, boolean expected) {
    assertThat(new GeminiTranslator("m").isStream(type)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 61, 1 << 20})
  void streamsHoweverItIsCut(int size) {
    List<String> events = Answers.events(Answers.file("chat.sse"), size);

    assertThat(events).hasSize(6);
    assertThat(choice(events.get(0)))
        .isEqualTo(
            Gateway.json(
                """
                {"index":0,"delta":{"role":"assistant","content":"The"},"logprobs":null,
                 "finish_reason":null}\
                """));
    assertThat(choice(events.get(1)).path("delta"))
        .isEqualTo(Gateway.json("{\"content\":\" capital of Wyoming\"}"));
    assertThat(choice(events.get(3)))
        .isEqualTo(
            Gateway.json(
                "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}"));
    assertThat(Gateway.json(events.get(4)).path("choices")).isEmpty();
    assertThat(Gateway.json(events.get(4)).path("usage").path("total_tokens").asInt())
        .isEqualTo(17);
    assertThat(events.get(5)).isEqualTo("[DONE]");
  }

  @Test
  void hasOneIdAndTime() {
    List<JsonNode> chunks =
        Answers.events(Answers.file("tools-answered.sse"), 100).stream()
            .filter(event -> !event.equals("[DONE]"))
            .map(Gateway::json)
            .toList();

    assertThat(chunks).hasSizeGreaterThan(3);
    assertThat(chunks)
        .allSatisfy(chunk -> {
          assertThat(chunk.path("id").asText()).isEqualTo("chatcmpl-S1V8aZK2NpGKqtsPvPuEqAw");
          assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
          assertThat(chunk.path("model").asText()).isEqualTo("gemini-3-pro-preview");
          assertThat(chunk.path("created")).isEqualTo(chunks.getFirst().path("created"));
        });
  }

  @Test
  void streamsACallWithItsSignature() {
    List<String> events = Answers.events(Answers.file("tools.sse"), 500);

    JsonNode call = choice(events.get(0)).path("delta").path("tool_calls").path(0);
    assertThat(call.path("index").asInt(-1)).isZero();
    assertThat(call.path("type").asText()).isEqualTo("function");
    assertThat(call.path("function"))
        .isEqualTo(Gateway.json("{\"name\":\"get_country\",\"arguments\":\"{}\"}"));
    assertThat(call.path("extra_content").path("google").path("thought_signature").asText())
        .startsWith("Et8ECtwEAXLI2nyC");
    assertThat(choice(events.get(1)).path("finish_reason").asText()).isEqualTo("tool_calls");
  }

  @Test
  void numbersCallsThroughoutTheStream() {
    String call = "\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{}}}]}";
    List<String> events =
        Answers.events(
            Answers.candidate(call), Answers.candidate(call + ",\"finishReason\":\"STOP\""));

    assertThat(
            events.stream()
                .filter(event -> event.contains("tool_calls\":["))
                .map(event -> choice(event).path("delta").path("tool_calls").path(0))
                .map(each -> each.path("index").asInt()))
        .containsExactly(0, 1);
  }

  @Test
  void streamsThoughts() {
    List<String> events = Answers.events(Answers.file("reasoning.sse"), 999);

    assertThat(choice(events.get(0)).path("delta").path("reasoning_content").asText())
        .startsWith("**Exploring Sky Color**");
    assertThat(choice(events.get(0)).path("delta").has("content")).isFalse();
    assertThat(choice(events.get(2)).path("delta").path("content").asText())
        .startsWith("The sky is blue");
  }

  @Test
  void givesTheSignatureThatComesLast() {
    List<String> events = Answers.events(Answers.file("json-schema.sse"), 999);

    assertThat(choice(events.get(1)).path("delta").toString())
        .startsWith("{\"extra_content\":{\"google\":{\"thought_signature\":\"EusICu");
  }

  @Test
  void streamsTheRefusalOfAPrompt() {
    List<String> events = Answers.events(Answers.file("refusal.sse"), 50);

    assertThat(choice(events.get(0)).path("delta"))
        .isEqualTo(
            Gateway.json(
                "{\"role\":\"assistant\",\"refusal\":\"Gemini stopped the prompt:"
                    + " PROHIBITED_CONTENT.\"}"));
    assertThat(choice(events.get(1)).path("finish_reason").asText()).isEqualTo("content_filter");
    assertThat(events.getLast()).isEqualTo("[DONE]");
  }

  @Test
  void streamsTheRefusalOfAnAnswer() {
    List<String> events =
        Answers.events(
            Answers.candidate("\"content\":{\"parts\":[{\"text\":\"A\"}]}"),
            Answers.candidate("\"finishReason\":\"SAFETY\""));

    assertThat(choice(events.get(0)).path("delta").path("content").asText()).isEqualTo("A");
    assertThat(choice(events.get(1)).path("delta").path("refusal").asText()).contains("SAFETY");
    assertThat(choice(events.get(2)).path("finish_reason").asText()).isEqualTo("content_filter");
  }

  @Test
  void waitsForEachCandidateThatBegan() {
    String one =
        "{\"content\":{\"parts\":[{\"text\":\"A\"}]},\"index\":0,\"finishReason\":\"STOP\"}";
    String two = "{\"content\":{\"parts\":[{\"text\":\"B\"}]},\"index\":1%s}";
    String both = "{\"candidates\":[%s,%s]}";

    List<String> cut = Answers.events(both.formatted(one, two.formatted("")));
    assertThat(cut).hasSize(3).doesNotContain("[DONE]");
    assertThat(choice(cut.get(2)).path("index").asInt()).isEqualTo(1);
    List<String> whole =
        Answers.events(both.formatted(one, two.formatted(",\"finishReason\":\"MAX_TOKENS\"")));
    assertThat(whole).hasSize(5).endsWith("[DONE]");
  }

  @Test
  void isNotCompleteWithoutItsEnd() {
    assertThat(Answers.events(Answers.candidate("\"content\":{\"parts\":[{\"text\":\"A\"}]}")))
        .hasSize(1);
    assertThat(Answers.events()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "overloaded.json, provider_error, The model is overloaded. Please try again later.",
    "error-429.json, rate_limit_exceeded, You exceeded your current quota",
  })
  void tellsAFailureInTheMiddle(String file, String code, String message) {
    String error = Gateway.json(new String(Answers.file(file), UTF_8)).toString();
    List<String> events =
        Answers.events(
            Answers.candidate("\"content\":{\"parts\":[{\"text\":\"A\"}]}"),
            error,
            Answers.candidate("\"finishReason\":\"STOP\""));

    assertThat(events).hasSize(2);
    assertThat(Gateway.json(events.get(1)).path("error").path("code").asText()).isEqualTo(code);
    assertThat(Gateway.json(events.get(1)).path("error").path("message").asText())
        .startsWith(message);
  }

  @Test
  void tellsThatTheModelFailed() {
    List<String> events =
        Answers.events(Answers.candidate("\"finishReason\":\"MALFORMED_FUNCTION_CALL\""));

    assertThat(Gateway.json(events.getLast()).path("error").path("message").asText())
        .isEqualTo("Gemini stopped the answer: MALFORMED_FUNCTION_CALL.");
    assertThat(Gateway.json(events.getLast()).path("error").path("code").asText())
        .isEqualTo("provider_error");
  }

  @Test
  void throwsAtAnEventThatIsNotJson() {
    GeminiTranslator translator = new GeminiTranslator("m");
    ByteBuf wire = Unpooled.copiedBuffer("data: {\"candidates\r\n\r\n", UTF_8);

    assertThatThrownBy(() -> translator.events(wire))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not JSON");
    assertThat(wire.refCnt()).isZero();
  }

  @Test
  void ignoresComments() {
    GeminiTranslator translator = new GeminiTranslator("m");
    ByteBuf wire = Unpooled.copiedBuffer(": wait\r\n\r\n", UTF_8);

    assertThat(translator.events(wire)).isNull();
    assertThat(wire.refCnt()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "error-400.json, 400, invalid_request_error, invalid_request",
    "error-401.json, 401, authentication_error, invalid_api_key",
    "error-429.json, 429, rate_limit_error, rate_limit_exceeded",
    "error-500.json, 500, server_error, provider_error",
    "overloaded.json, 503, server_error, provider_error",
    "error-key.json, 400, authentication_error, invalid_api_key",
    "error-model.json, 404, invalid_request_error, model_not_found",
    "error-signature.json, 400, invalid_request_error, invalid_request",
  })
  void tellsErrors(String file, int status, String type, String code) {
    JsonNode error = Answers.whole(status, Answers.file(file)).path("error");

    assertThat(error.path("type").asText()).isEqualTo(type);
    assertThat(error.path("code").asText()).isEqualTo(code);
    JsonNode theirs = Gateway.json(new String(Answers.file(file), UTF_8));
    assertThat(error.path("message").asText())
        .isEqualTo(theirs.findValue("error").path("message").asText());
  }

  @Test
  void saysThatAWrongKeyIsOne() {
    GeminiTranslator translator = new GeminiTranslator("m");

    assertThat(translator.status(400, Answers.file("error-key.json"))).isEqualTo(401);
    assertThat(translator.status(400, Answers.file("error-400.json"))).isEqualTo(400);
    assertThat(translator.status(502, "<html>".getBytes(UTF_8))).isEqualTo(502);
  }

  @Test
  void saysWhenToAskAgain() {
    GeminiTranslator translator = new GeminiTranslator("m");

    assertThat(translator.retryAfter(Answers.file("error-429.json"))).isEqualTo("35");
    assertThat(translator.retryAfter(Answers.file("error-500.json"))).isNull();
    assertThat(
            translator.retryAfter(
                "{\"error\":{\"details\":[{\"retryDelay\":\"soon\"}]}}".getBytes(UTF_8)))
        .isNull();
  }

  @Test
  void knowsAPromptThatIsTooLong() {
    String error =
        """
        {"error":{"code":400,"message":"The input token count (1200005) exceeds the maximum number\
         of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}\
        """;

    assertThat(Answers.whole(400, error.getBytes(UTF_8)).path("error").path("code").asText())
        .isEqualTo("context_length_exceeded");
  }

  @Test
  void tellsAnErrorThatIsNoJson() {
    JsonNode error = Answers.whole(502, "<html>Bad gateway</html>".getBytes(UTF_8)).path("error");

    assertThat(error.path("message").asText()).contains("502", "HTML");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"chat", "tools", "tools-answered", "parallel-tools", "reasoning", "json-schema"})
  void canBePutTogetherAgain(String name) {
    CompletionAssembler assembler = new CompletionAssembler();
    for (String event : Answers.events(Answers.file(name + ".sse"), 77)) {
      byte[] data = event.getBytes(UTF_8);
      assembler.add(data, 0, data.length);
    }

    JsonNode message =
        Gateway.json(new String(assembler.toJson(), UTF_8)).path("choices").path(0).path("message");
    assertThat(message.path("role").asText()).isEqualTo("assistant");
  }
}
