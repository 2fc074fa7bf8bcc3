package io.iir.protocol.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.protocol.WireCall;
import io.iir.testing.Gateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThinkingTest {

  private static JsonNode fields(WireCall call) {
    return Calls.json(call).path("additionalModelRequestFields");
  }

  private static WireCall effort(String model, String effort) {
    return Calls.hello(model, "\"reasoning_effort\":\"" + effort + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "us.anthropic.claude-opus-5-v1:0, disabled",
    "us.anthropic.claude-sonnet-5-5-v1:0, between_tools"
  })
  void noneTurnsThinkingOff(String model, String type) {
    WireCall call = effort(model, "none");

    assertThat(fields(call)).isEqualTo(Gateway.json("{\"thinking\":{\"type\":\"" + type + "\"}}"));
    assertThat(call.dropped()).isEmpty();
  }

  @Test
  void noneIsTheLeastWhereThinkingIsAlwaysOn() {
    assertThat(fields(effort("us.anthropic.claude-opus-5-5-v1:0", "none")))
        .isEqualTo(Gateway.json("{\"output_config\":{\"effort\":\"low\"}}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {Calls.OPUS_4_6, Calls.SONNET_4_5})
  void noneSaysNothingWhereThinkingIsOff(String model) {
    assertThat(fields(effort(model, "none")).isMissingNode()).isTrue();
    assertThat(effort(model, "none").dropped()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {Calls.NOVA, Calls.NOVA_2, Calls.GPT_OSS, Calls.SONNET_3})
  void noneIsLeftOutWhereNothingTurnsThinkingOff(String model) {
    assertThat(fields(effort(model, "none")).isMissingNode()).isTrue();
    assertThat(effort(model, "none").dropped()).containsExactly("reasoning_effort");
  }

  @ParameterizedTest
  @CsvSource({
    "us.anthropic.claude-opus-4-6-v1, xhigh, max",
    "us.anthropic.claude-opus-4-7, xhigh, xhigh",
    "us.anthropic.claude-opus-5-v1:0, max, max",
    "us.anthropic.claude-opus-5-v1:0, minimal, low",
  })
  void anAdaptiveModelHasAnEffort(String model, String effort, String word) {
    assertThat(fields(effort(model, effort)))
        .isEqualTo(
            Gateway.json(
                """
                {"thinking":{"type":"adaptive","display":"summarized"},
                 "output_config":{"effort":"%s"}}\
                """
                    .formatted(word)));
  }

  @Test
  void otherModelsHaveThreeEfforts() {
    assertThat(fields(effort(Calls.NOVA_2, "xhigh")))
        .isEqualTo(
            Gateway.json(
                "{\"reasoningConfig\":{\"type\":\"enabled\",\"maxReasoningEffort\":\"high\"}}"));
    assertThat(fields(effort(Calls.GPT_OSS, "minimal")))
        .isEqualTo(Gateway.json("{\"reasoning_effort\":\"low\"}"));
  }

  @ParameterizedTest
  @CsvSource({"2000, 2000", "100, 1024", "9000, 3999"})
  void tokensForReasoningAreABudget(int wanted, int budget) {
    WireCall call =
        Calls.hello(
            Calls.SONNET_4_5,
            "\"max_tokens\":4000,\"reasoning\":{\"max_tokens\":%d}".formatted(wanted));

    assertThat(fields(call).path("thinking"))
        .isEqualTo(Gateway.json("{\"type\":\"enabled\",\"budget_tokens\":" + budget + "}"));
    assertThat(call.dropped()).isEmpty();
  }

  @Test
  void aBudgetIsNeverMoreThanTheModelCanSay() {
    WireCall call = Calls.hello(Calls.SONNET_4_5, "\"reasoning\":{\"max_tokens\":100000}");

    assertThat(fields(call).at("/thinking/budget_tokens").asInt()).isEqualTo(63_999);
  }

  @Test
  void reasoningThatIsEnabledIsAMediumEffort() {
    assertThat(
            fields(Calls.hello(Calls.OPUS_5, "\"reasoning\":{\"enabled\":true}"))
                .at("/output_config/effort")
                .asText())
        .isEqualTo("medium");
    assertThat(
            fields(Calls.hello(Calls.OPUS_5, "\"reasoning\":{\"enabled\":false}"))
                .at("/thinking/type")
                .asText())
        .isEqualTo("disabled");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        Calls.OPUS_5 + "|\"reasoning\":{\"max_tokens\":2000}",
        Calls.GPT_OSS + "|\"reasoning\":{\"max_tokens\":2000}",
        Calls.NOVA + "|\"reasoning\":{\"enabled\":true}",
        Calls.NOVA + "|\"reasoning\":{\"effort\":\"high\"}",
        Calls.SONNET_4_5 + "|\"max_tokens\":500,\"reasoning\":{\"max_tokens\":400}",
        Calls.SONNET_4_5 + "|\"reasoning\":{\"max_tokens\":2000},\"reasoning_effort\":\"low\"",
        Calls.SONNET_4_5 + "|\"reasoning\":{\"max_tokens\":2000,\"effort\":\"low\"}",
        Calls.OPUS_5 + "|\"reasoning\":{\"max_tokens\":2000},\"thinking\":{\"type\":\"adaptive\"}",
        Calls.OPUS_5 + "|\"reasoning\":{\"exclude\":true}"
      })
  void reasoningThatIsNotCarriedIsNamed(String model, String members) {
    assertThat(Calls.hello(model, members).dropped()).containsExactly("reasoning");
  }
}
