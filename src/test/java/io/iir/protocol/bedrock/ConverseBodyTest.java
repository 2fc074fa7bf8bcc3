package io.iir.protocol.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.openai.ApiException;
import io.iir.protocol.WireCall;
import io.iir.testing.Gateway;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConverseBodyTest {

  private static final String SAMPLING = "\"temperature\":1.5,\"top_p\":0.9,\"top_k\":5";

  @Test
  void anOlderClaudeTakesAllButATemperatureAboveOne() {
    WireCall call = Calls.hello(Calls.SONNET_3, SAMPLING);

    assertThat(Calls.json(call).path("inferenceConfig"))
        .isEqualTo(Gateway.json("{\"temperature\":1,\"topP\":0.9}"));
    assertThat(Calls.json(call).path("additionalModelRequestFields"))
        .isEqualTo(Gateway.json("{\"top_k\":5}"));
    assertThat(call.dropped()).isEmpty();
  }

  @Test
  void aClaudeThatTakesOneSamplingHasTheTemperature() {
    WireCall call = Calls.hello(Calls.SONNET_4_5, SAMPLING);

    assertThat(Calls.json(call).path("inferenceConfig"))
        .isEqualTo(Gateway.json("{\"temperature\":1}"));
    assertThat(call.dropped()).containsExactly("top_p");
    assertThat(
            Calls.json(Calls.hello(Calls.SONNET_4_5, "\"top_p\":0.9"))
                .at("/inferenceConfig/topP")
                .asDouble())
        .isEqualTo(0.9);
  }

  @Test
  void aClaudeWithoutSamplingHasNone() {
    WireCall call = Calls.hello(Calls.OPUS_5, SAMPLING);

    assertThat(Calls.json(call).has("inferenceConfig")).isFalse();
    assertThat(Calls.json(call).has("additionalModelRequestFields")).isFalse();
    assertThat(call.dropped()).containsExactly("temperature", "top_p", "top_k");
  }

  @Test
  void otherModelsTakeWhatTheClientSays() {
    WireCall call = Calls.hello(Calls.NOVA, SAMPLING);

    assertThat(Calls.json(call).path("inferenceConfig"))
        .isEqualTo(Gateway.json("{\"temperature\":1.5,\"topP\":0.9}"));
    assertThat(Calls.json(call).at("/additionalModelRequestFields/inferenceConfig"))
        .isEqualTo(Gateway.json("{\"topK\":5}"));
    assertThat(call.dropped()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"required\"",
        "{\"type\":\"function\",\"function\":{\"name\":\"w\"}}",
        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":[]}}"
      })
  void aClaudeThatRefusesForcedToolsIsNotAsked(String choice) {
    String members =
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"w\"}}],\"tool_choice\":"
            + choice;

    refused(() -> Calls.hello("us.anthropic.claude-opus-5-5-v1:0", members), "tool_choice");
    assertThat(Calls.json(Calls.hello(Calls.OPUS_4_6, members)).at("/toolConfig/toolChoice"))
        .isNotEmpty();
  }

  @Test
  void aClaudeThatRefusesPrefillIsNotAsked() {
    String members =
        """
        "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"He"}]\
        """;

    refused(() -> Calls.of(Calls.OPUS_4_6, members), "messages");
    assertThat(Calls.json(Calls.of(Calls.SONNET_4_5, members)).path("messages")).hasSize(2);
  }

  @Test
  void thoughtsGoBackToClaudeAlone() {
    String members =
        """
        "messages":[{"role":"user","content":"Think."},
          {"role":"assistant","content":"Done.","reasoning_details":[
            {"type":"reasoning.text","text":"Hm","signature":"c2ln","format":"anthropic-claude-v1"}]},
          {"role":"user","content":"On."}]\
        """;

    assertThat(Calls.json(Calls.of(Calls.NOVA_2, members)).at("/messages/1/content"))
        .isEqualTo(Gateway.json("[{\"text\":\"Done.\"}]"));
    assertThat(Calls.json(Calls.of(Calls.SONNET_4_5, members)).at("/messages/1/content"))
        .hasSize(2);
  }

  @Test
  void whatAnAssistantSpokeIsRefused() {
    String members =
        """
        "messages":[{"role":"user","content":"Hi"},{"role":"assistant","audio":{"id":"a"}},
          {"role":"user","content":"So?"}]\
        """;

    refused(() -> Calls.of(Calls.NOVA, members), "messages[1].audio");
  }

  private static void refused(ThrowingCallable call, String field) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.error().status()).isEqualTo(400);
              assertThat(refused.error().param()).isEqualTo(field);
            });
  }
}
