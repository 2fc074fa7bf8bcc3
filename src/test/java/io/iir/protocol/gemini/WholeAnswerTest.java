package io.iir.protocol.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Gateway;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeAnswerTest {

  private static JsonNode message(JsonNode completion) {
    return completion.path("choices").path(0).path("message");
  }

  @Test
  void isACompletion() {
    JsonNode completion = Answers.completion("chat.json");

    assertThat(completion.path("id").asText()).isEqualTo("chatcmpl-kNiDavuDIcja_uMP8tCj-QU");
    assertThat(completion.path("object").asText()).isEqualTo("chat.completion");
    assertThat(completion.path("model").asText()).isEqualTo("gemini-3.7-flash");
    assertThat(completion.path("created").asLong())
        .isBetween(1_700_000_000L, Instant.now().getEpochSecond());
    assertThat(completion.path("choices"))
        .isEqualTo(
            Gateway.json(
                """
                [{"index":0,"message":{"role":"assistant",
                 "content":"Hello! How can I help you today?","refusal":null,"extra_content":
                 {"google":{"thought_signature":"EmcKZQERTTIP+ioay1Mob3/yO79S3Uw1reSi9ZYBsscvog\
                EBam0cDSSxc0IWmwlx0Mo1DSjAYVEs3iuBm/JgLvTs5nRAR8XR37SNw0t+lT/SR0rU1hoos46dpqQPW\
                NnCUyfIZG4Yyqh0"}}},"logprobs":null,"finish_reason":"stop"}]\
                """));
  }

  @Test
  void callsTools() {
    JsonNode completion = Answers.completion("tools.json");
    JsonNode call = message(completion).path("tool_calls").path(0);

    assertThat(message(completion).path("content").isNull()).isTrue();
    assertThat(completion.path("choices").path(0).path("finish_reason").asText())
        .isEqualTo("tool_calls");
    assertThat(call.path("id").asText()).matches("call_gemini_[0-9a-f]{1,16}_0");
    assertThat(call.has("index")).isFalse();
    assertThat(call.path("function"))
        .isEqualTo(
            Gateway.json(
                "{\"name\":\"weather\",\"arguments\":\"{\\\"location\\\":\\\"San"
                    + " Francisco\\\"}\"}"));
    assertThat(call.path("extra_content").path("google").path("thought_signature").asText())
        .startsWith("Eqo+Cqc+");
  }

  @Test
  void keepsTheIdsAndNumbersOfCalls() {
    JsonNode calls =
        message(
                Answers.of(
                    Answers.candidate(
                        """
                        "content":{"parts":[
                        {"functionCall":{"id":"x1","name":"f","args":{"n":1.10,"big":123456789012345678901}}},
                        {"functionCall":{"name":"f"}},{"functionCall":{"name":"f","args":null}}]},
                        "finishReason":"STOP"\
                        """)))
            .path("tool_calls");

    assertThat(calls.path(0).path("id").asText()).isEqualTo("x1");
    assertThat(calls.path(0).path("function").path("arguments").asText())
        .isEqualTo("{\"n\":1.10,\"big\":123456789012345678901}");
    assertThat(calls.path(1).path("function").path("arguments").asText()).isEqualTo("{}");
    assertThat(calls.findValuesAsText("id")).doesNotHaveDuplicates().hasSize(3);
    assertThat(calls.findValuesAsText("id")).allMatch(id -> id.length() <= 40);
  }

  @Test
  void tellsThoughtsApart() {
    JsonNode message = message(Answers.completion("reasoning.json"));

    assertThat(message.path("content").asText()).isEqualTo("Mountain View");
    assertThat(message.path("reasoning_content").asText()).startsWith("**Thinking About");
  }

  @Test
  void givesEachCandidate() {
    JsonNode completion =
        Answers.of(
            """
            {"candidates":[{"content":{"parts":[{"text":"A"}]},"finishReason":"STOP","index":0},
             {"content":{"parts":[{"text":"B"}]},"finishReason":"MAX_TOKENS","index":1}]}\
            """);

    assertThat(completion.path("choices").findValuesAsText("content")).containsExactly("A", "B");
    assertThat(completion.path("choices").findValuesAsText("finish_reason"))
        .containsExactly("stop", "length");
    assertThat(completion.path("model").asText()).isEqualTo("gemini-x");
    assertThat(completion.path("id").asText()).startsWith("chatcmpl-");
    assertThat(completion.has("usage")).isFalse();
  }

  @Test
  void givesImages() {
    JsonNode message =
        message(
            Answers.of(
                Answers.candidate(
                    """
                    "content":{"parts":[{"text":"See"},{"inlineData":{"mimeType":"image/png",
                    "data":"AAAA"}}]},"finishReason":"STOP"\
                    """)));

    assertThat(message.path("content").asText()).isEqualTo("See");
    assertThat(message.path("images"))
        .isEqualTo(
            Gateway.json(
                "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]"));
  }

  @Test
  void tellsWhatWasBlocked() {
    JsonNode choice = Answers.completion("refusal.json").path("choices").path(0);

    assertThat(choice.path("finish_reason").asText()).isEqualTo("content_filter");
    assertThat(choice.path("message").path("content").isNull()).isTrue();
    assertThat(choice.path("message").path("refusal").asText())
        .isEqualTo("Gemini stopped the answer: SAFETY for hate speech.");
  }

  @ParameterizedTest
  @CsvSource({
    "STOP, stop",
    "MAX_TOKENS, length",
    "SAFETY, content_filter",
    "RECITATION, content_filter",
    "LANGUAGE, content_filter",
    "BLOCKLIST, content_filter",
    "PROHIBITED_CONTENT, content_filter",
    "SPII, content_filter",
    "MODEL_ARMOR, content_filter",
    "IMAGE_SAFETY, content_filter",
    "OTHER, stop",
    "SOMETHING_NEW, stop",
  })
  void saysWhyItEnds(String reason, String expected) {
    JsonNode choice =
        Answers.of(
                Answers.candidate(
                    "\"content\":{\"parts\":[{\"text\":\"A\"}]},\"finishReason\":\"%s\",\"finishMessage\":\"Why.\""
                        .formatted(reason)))
            .path("choices")
            .path(0);

    assertThat(choice.path("finish_reason").asText()).isEqualTo(expected);
    assertThat(choice.path("message").path("content").asText()).isEqualTo("A");
    if (expected.equals("content_filter")) {
      assertThat(choice.path("message").path("refusal").asText()).contains(reason, "Why.");
    } else {
      assertThat(choice.path("message").path("refusal").isNull()).isTrue();
    }
  }

  @Test
  void aSilentEndForNoneOfTheReasonsIsABlockedOne() {
    assertThat(
            Answers.of(Answers.candidate("\"finishReason\":\"OTHER\""))
                .path("choices")
                .path(0)
                .path("finish_reason")
                .asText())
        .isEqualTo("content_filter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MALFORMED_FUNCTION_CALL",
        "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS",
        "MALFORMED_RESPONSE",
        "MISSING_THOUGHT_SIGNATURE"
      })
  void isNoAnswerWhereTheModelFailed(String reason) {
    String answer =
        Answers.candidate("\"finishReason\":\"%s\",\"finishMessage\":\"Bad.\"".formatted(reason));

    assertThatThrownBy(() -> Answers.of(answer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("Bad.");
  }

  @Test
  void aBlockedPromptIsAnAnswer() {
    JsonNode completion =
        Answers.of(
            """
            {"promptFeedback":{"blockReason":"SAFETY","safetyRatings":[
             {"category":"HARM_CATEGORY_DANGEROUS_CONTENT","probability":"HIGH","blocked":true},
             {"category":"HARM_CATEGORY_SEXUALLY_EXPLICIT","probability":"HIGH","blocked":true}]},
             "usageMetadata":{"promptTokenCount":9,"totalTokenCount":9}}\
            """);

    assertThat(message(completion).path("refusal").asText())
        .isEqualTo("Gemini stopped the prompt: SAFETY for dangerous content, sexually explicit.");
    assertThat(completion.path("choices").path(0).path("finish_reason").asText())
        .isEqualTo("content_filter");
    assertThat(completion.path("usage").path("prompt_tokens").asInt()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"candidates\":[]}", "nonsense", ""})
  void isNotAnything(String body) {
    assertThatThrownBy(() -> Answers.whole(200, body.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isAsOldAsVertexSays() {
    assertThat(
            Answers.of(
                    "{\"candidates\":[{\"finishReason\":\"STOP\"}],\"createTime\":\"2025-01-02T03:04:05.678Z\"}")
                .path("created")
                .asLong())
        .isEqualTo(1_735_787_045);
  }

  // ---- usage

  @Test
  void countsThoughtsAndWhatWasCached() {
    assertThat(Answers.completion("cached.json").path("usage"))
        .isEqualTo(
            Gateway.json(
                """
                {"prompt_tokens":12013,"completion_tokens":88,"total_tokens":12101,
                 "prompt_tokens_details":{"cached_tokens":11243},
                 "completion_tokens_details":{"reasoning_tokens":73}}\
                """));
  }

  @Test
  void countsWhatToolsBroughtAsPrompt() {
    JsonNode usage = Answers.completion("tool-use.json").path("usage");

    assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(144);
    assertThat(usage.path("completion_tokens").asInt()).isEqualTo(107);
    assertThat(usage.path("total_tokens").asInt()).isEqualTo(251);
  }

  @Test
  void countsWhatIsLeftWhereTheAnswerIsNotCounted() {
    JsonNode usage =
        Answers.of(
                """
                {"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,
                 "totalTokenCount":35,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":4}]}}\
                """)
            .path("usage");

    assertThat(usage.path("completion_tokens").asInt()).isEqualTo(25);
    assertThat(usage.path("prompt_tokens_details").path("audio_tokens").asInt()).isEqualTo(4);
  }

  // ---- logprobs

  @Test
  void tellsHowLikelyTokensWere() {
    assertThat(
            Answers.of(
                    Answers.candidate(
                        """
                        "content":{"parts":[{"text":"é"}]},"finishReason":"STOP","logprobsResult":{
                        "chosenCandidates":[{"token":"é","tokenId":7,"logProbability":-0.25}],
                        "topCandidates":[{"candidates":[{"token":"é","logProbability":-0.25},
                         {"token":"e","logProbability":-1.5}]}]}\
                        """))
                .path("choices")
                .path(0)
                .path("logprobs"))
        .isEqualTo(
            Gateway.json(
                """
                {"content":[{"token":"é","logprob":-0.25,"bytes":[195,169],"top_logprobs":[
                 {"token":"é","logprob":-0.25,"bytes":[195,169]},
                 {"token":"e","logprob":-1.5,"bytes":[101]}]}],"refusal":null}\
                """));
  }
}
