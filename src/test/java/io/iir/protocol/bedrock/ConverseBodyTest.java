package io.iir.protocol.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.protocol.WireCall;
import io.iir.testing.Gateway;
import org.junit.jupiter.api.Test;

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
}
