package io.iir.protocol.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.protocol.WireCall;
import io.iir.testing.Gateway;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationConfigTest {

  private static final String FLASH = "gemini-2.5-flash";

  @Test
  void renamesWhatIsTheSame() {
    JsonNode config =
        Calls.config(
            FLASH,
            """
            "temperature":0.70,"top_p":0.9,"top_k":40,"n":2,"logprobs":true,"top_logprobs":3,
            "presence_penalty":0.1,"frequency_penalty":-0.2,"max_tokens":100,"seed":7,"stop":"END"\
            """);

    assertThat(config)
        .isEqualTo(
            Gateway.json(
                """
                {"temperature":0.70,"topP":0.9,"topK":40,"candidateCount":2,
                 "responseLogprobs":true,"logprobs":3,"presencePenalty":0.1,
                 "frequencyPenalty":-0.2,"maxOutputTokens":100,"seed":7,"stopSequences":["END"]}\
                """));
  }

  @Test
  void countsLogprobsOnlyWhereTheyAreWanted() {
    for (String members : List.of("", "\"logprobs\":false,", "\"logprobs\":null,")) {
      WireCall call = Calls.hello(FLASH, members + "\"top_logprobs\":3");

      assertThat(Calls.json(call).path("generationConfig").has("logprobs")).isFalse();
      assertThat(call.dropped()).containsExactly("top_logprobs");
    }
    assertThat(Calls.hello(FLASH, "\"top_logprobs\":0").dropped()).isEmpty();
  }

  @Test
  void keepsTheDigitsOfNumbers() {
    WireCall call = Calls.hello(FLASH, "\"temperature\":0.70,\"top_p\":0.12345678901234567890");

    assertThat(new String(call.body(), StandardCharsets.UTF_8))
        .contains("\"temperature\":0.70", "\"topP\":0.12345678901234567890");
  }

  @Test
  void takesTheNewerNameOfTheMostTokens() {
    assertThat(
            Calls.config(FLASH, "\"max_completion_tokens\":5,\"max_tokens\":9")
                .path("maxOutputTokens")
                .asInt())
        .isEqualTo(5);
  }

  @Test
  void takesSeveralStopsAndLeavesNoneOut() {
    assertThat(Calls.config(FLASH, "\"stop\":[\"a\",\"b\"]").path("stopSequences"))
        .isEqualTo(Gateway.json("[\"a\",\"b\"]"));
    assertThat(Calls.config(FLASH, "\"stop\":[]").has("stopSequences")).isFalse();
    assertThat(Calls.config(FLASH, "\"stop\":null").has("stopSequences")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "-1, -1", "2147483648, -2147483648", "9007199254740993, 2097153"})
  void makesASeedShort(long seed, int expected) {
    assertThat(Calls.config(FLASH, "\"seed\":" + seed).path("seed").asInt()).isEqualTo(expected);
  }

  @Test
  void wantsJson() {
    assertThat(Calls.config(FLASH, "\"response_format\":{\"type\":\"json_object\"}"))
        .isEqualTo(Gateway.json("{\"responseMimeType\":\"application/json\"}"));
    assertThat(Calls.config(FLASH, "\"response_format\":{\"type\":\"text\"}").isMissingNode())
        .isTrue();
    assertThat(
            Calls.config(
                FLASH,
                """
                "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,
                "schema":{"type":"object","additionalProperties":false,"$defs":{}}}}\
                """))
        .isEqualTo(
            Gateway.json(
                """
                {"responseMimeType":"application/json","responseJsonSchema":
                 {"type":"object","additionalProperties":false,"$defs":{}}}\
                """));
  }

  @Test
  void wantsImages() {
    assertThat(Calls.config(FLASH, "\"modalities\":[\"text\",\"image\"]"))
        .isEqualTo(Gateway.json("{\"responseModalities\":[\"TEXT\",\"IMAGE\"]}"));
    assertThat(Calls.config(FLASH, "\"modalities\":[\"text\"]").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "gemini-3-pro-preview, none, LOW",
    "gemini-3-pro-preview, medium, HIGH",
    "gemini-3-pro-preview, high, HIGH",
    "gemini-3.1-pro-preview, minimal, LOW",
    "gemini-3.1-pro-preview, medium, MEDIUM",
    "gemini-3-flash-preview, minimal, MINIMAL",
    "gemini-3.6-flash, none, MINIMAL",
    "gemini-3.7-flash, minimal, LOW",
    "gemini-3.7-flash-lite, minimal, MINIMAL",
    "gemini-3.10-flash, minimal, LOW",
    "gemini-flash-latest, minimal, LOW",
    "gemini-flash-latest, xhigh, HIGH",
  })
  void thinksInLevels(String model, String effort, String level) {
    JsonNode thinking =
        Calls.config(model, "\"reasoning_effort\":\"%s\"".formatted(effort)).path("thinkingConfig");

    assertThat(thinking.path("thinkingLevel").asText()).isEqualTo(level);
    assertThat(thinking.path("includeThoughts").asBoolean()).isEqualTo(!effort.equals("none"));
    assertThat(thinking.has("thinkingBudget")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "gemini-2.5-flash, none, 0",
    "gemini-2.5-pro, none, 128",
    "gemini-2.5-flash, minimal, 1024",
    "gemini-2.5-flash, low, 1024",
    "gemini-2.5-pro, medium, 8192",
    "gemini-2.5-flash-lite, high, 24576",
  })
  void thinksInTokens(String model, String effort, int budget) {
    JsonNode thinking =
        Calls.config(model, "\"reasoning_effort\":\"%s\"".formatted(effort)).path("thinkingConfig");

    assertThat(thinking.path("thinkingBudget").asInt(-1)).isEqualTo(budget);
    assertThat(thinking.has("thinkingLevel")).isFalse();
  }

  @Test
  void thinksAsOpenRouterAsks() {
    assertThat(Calls.config(FLASH, "\"reasoning\":{\"max_tokens\":2000}").path("thinkingConfig"))
        .isEqualTo(Gateway.json("{\"thinkingBudget\":2000,\"includeThoughts\":true}"));
    assertThat(
            Calls.config(FLASH, "\"reasoning\":{\"effort\":\"low\",\"exclude\":true}")
                .path("thinkingConfig"))
        .isEqualTo(Gateway.json("{\"thinkingBudget\":1024,\"includeThoughts\":false}"));
  }

  @ParameterizedTest
  @CsvSource({"gemini-2.0-flash", "gemma-3-27b-it"})
  void asksNoThoughtsOfWhatHasNone(String model) {
    WireCall call = Calls.hello(model, "\"reasoning_effort\":\"high\"");

    assertThat(Calls.json(call).has("generationConfig")).isFalse();
    assertThat(call.dropped()).containsExactly("reasoning_effort");
  }
}
