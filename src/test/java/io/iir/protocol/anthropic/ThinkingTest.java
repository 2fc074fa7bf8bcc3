package io.iir.protocol.anthropic;

import static io.iir.protocol.anthropic.Calls.PLAIN;
import static io.iir.protocol.anthropic.Calls.body;
import static io.iir.protocol.anthropic.Calls.call;
import static io.iir.protocol.anthropic.Calls.dropped;
import static io.iir.protocol.anthropic.Calls.hello;
import static io.iir.protocol.anthropic.Calls.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThinkingTest {

  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";

  private static String effort(String word) {
    return "\"reasoning_effort\":\"" + word + "\"";
  }

  @ParameterizedTest
  @CsvSource({
    "claude-opus-5, minimal, low",
    "claude-opus-5, low, low",
    "claude-opus-5, high, high",
    "claude-opus-5, xhigh, xhigh",
    "claude-opus-4-6, xhigh, max",
    "claude-sonnet-4-6, medium, medium",
    "claude-fable-5, max, max"
  })
  void modelsThatDecideThemselvesAreToldHowHard(String model, String said, String effort) {
    JsonNode body = hello(model, effort(said));

    assertThat(body.path("thinking"))
        .isEqualTo(json("{\"type\":\"adaptive\",\"display\":\"summarized\"}"));
    assertThat(body.path("output_config")).isEqualTo(json("{\"effort\":\"" + effort + "\"}"));
  }

  @ParameterizedTest
  @CsvSource({"minimal, 1024", "low, 2000", "medium, 5000", "high, 8000", "xhigh, 9500"})
  void othersHaveAShareOfTheAnswersTokens(String said, int budget) {
    JsonNode body = hello(PLAIN, effort(said), "\"max_completion_tokens\":10000");

    assertThat(body.path("thinking"))
        .isEqualTo(json("{\"type\":\"enabled\",\"budget_tokens\":" + budget + "}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"max_tokens\":3000} | 3000",
        "{\"max_tokens\":10} | 1024",
        "{\"max_tokens\":99999,\"enabled\":true} | 9999",
        "{\"enabled\":true} | 5000",
        "{\"effort\":\"low\"} | 2000"
      })
  void whatOpenRoutersClientsSayIsCarried(String reasoning, int budget) {
    String[] more = {"\"reasoning\":" + reasoning, "\"max_tokens\":10000"};

    assertThat(hello(PLAIN, more).path("thinking"))
        .isEqualTo(json("{\"type\":\"enabled\",\"budget_tokens\":" + budget + "}"));
    assertThat(dropped(PLAIN, more)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-opus-5 | {\"max_tokens\":3000}",
        "claude-3-5-haiku-20241022 | {\"max_tokens\":3000}",
        "claude-3-5-haiku-20241022 | {\"enabled\":true}",
        "claude-haiku-4-5 | {\"max_tokens\":3000,\"effort\":\"low\"}",
        "claude-haiku-4-5 | {\"exclude\":true}"
      })
  void whatOfThatHasNoPlaceIsNamed(String model, String reasoning) {
    assertThat(dropped(model, "\"reasoning\":" + reasoning)).containsExactly("reasoning");
  }

  @Test
  void thinkingCanBeTurnedOff() {
    String off = "\"reasoning\":{\"enabled\":false}";

    assertThat(hello(PLAIN, off).has("thinking")).isFalse();
    assertThat(hello("claude-opus-5", off).path("thinking").path("type").asText())
        .isEqualTo("disabled");
    assertThat(dropped("claude-opus-5", off)).isEmpty();
  }

  @Test
  void aBudgetAllowsNoSampling() {
    String[] more = {effort("low"), "\"temperature\":0.2", "\"top_k\":3"};

    assertThat(hello(PLAIN, more).has("temperature")).isFalse();
    assertThat(dropped(PLAIN, more)).containsExactly("temperature", "top_k");
  }

  @Test
  void thereIsNoThinkingWhereThereIsNoRoomForIt() {
    assertThat(dropped(PLAIN, effort("high"), "\"max_tokens\":1000"))
        .containsExactly("reasoning_effort");
    assertThat(dropped(PLAIN, effort("high"), TOOLS, "\"tool_choice\":\"required\""))
        .containsExactly("reasoning_effort");
    assertThat(dropped("claude-3-5-haiku-20241022", effort("high")))
        .containsExactly("reasoning_effort");
    assertThat(dropped(PLAIN, effort("enormous"))).containsExactly("reasoning_effort");
  }

  @Test
  void aTurnThatWasBegunWithoutItsThoughtsGoesOnWithoutThem() {
    String messages =
        """
        [{"role":"user","content":"Do"},{"role":"assistant",%s"tool_calls":[{"id":"c",
          "type":"function","function":{"name":"f","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"c","content":"done"}]\
        """;
    String thoughts =
        "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"t\",\"signature\":\"s\"}],";

    assertThat(call(PLAIN, messages.formatted(""), TOOLS, effort("low")).dropped())
        .containsExactly("reasoning_effort");
    assertThat(
            body(call(PLAIN, messages.formatted(thoughts), TOOLS, effort("low"))).has("thinking"))
        .isTrue();
    assertThat(
            body(call("claude-opus-5", messages.formatted(""), TOOLS, effort("low")))
                .has("thinking"))
        .isTrue();
  }

  @Test
  void aForcedToolIsCalledWithoutThinking() {
    JsonNode body = hello("claude-opus-5", effort("low"), TOOLS, "\"tool_choice\":\"required\"");

    assertThat(body.has("thinking")).isFalse();
    assertThat(body.path("output_config").path("effort").asText()).isEqualTo("low");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-haiku-4-5 | |",
        "claude-opus-4-8 | |",
        "claude-opus-5 | disabled |",
        "claude-sonnet-5-5 | between_tools |",
        "claude-opus-5-5 | | low"
      })
  void noThinkingIsTheLeastThereIs(String model, @Nullable String type, @Nullable String effort) {
    JsonNode body = hello(model, effort("none"));

    assertThat(body.path("thinking").path("type").asText(null)).isEqualTo(type);
    assertThat(body.path("output_config").path("effort").asText(null)).isEqualTo(effort);
  }

  @Test
  void whatTheClientSaysInAnthropicsWordsCounts() {
    JsonNode body =
        hello(
            PLAIN,
            effort("high"),
            "\"max_tokens\":5000",
            "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}");

    assertThat(body.path("thinking").path("budget_tokens").asInt()).isEqualTo(2048);
  }
}
