package io.iir.protocol.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.Protocol;
import io.iir.openai.ChatRequest;
import io.iir.protocol.WireCall;
import io.iir.provider.Provider;
import io.iir.provider.Resolved;
import io.iir.testing.Gateway;
import java.net.URI;

/** Calls of Bedrock that tests make. */
final class Calls {

  static final String OPUS_5 = "us.anthropic.claude-opus-5-v1:0";
  static final String OPUS_4_6 = "us.anthropic.claude-opus-4-6-v1";
  static final String SONNET_4_5 = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  static final String SONNET_3 = "anthropic.claude-3-sonnet-20240229-v1:0";
  static final String NOVA = "amazon.nova-lite-v1:0";
  static final String NOVA_2 = "us.amazon.nova-2-lite-v1:0";
  static final String GPT_OSS = "openai.gpt-oss-120b-1:0";

  private Calls() {}

  /** The call that {@code chat}, the members of a request, becomes. */
  static WireCall of(String model, String chat) {
    return new BedrockProtocol()
        .call(
            ChatRequest.parse(("{\"model\":\"m\"," + chat + "}").getBytes(UTF_8)),
            new Resolved(bedrock(), bedrock().baseUrl(), model));
  }

  /** A call that says hello, and {@code members} besides. */
  static WireCall hello(String model, String members) {
    return of(model, "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + members);
  }

  static JsonNode json(WireCall call) {
    return Gateway.json(new String(call.body(), UTF_8));
  }

  static Provider bedrock() {
    Provider usual = Provider.openai("bedrock", URI.create("https://bedrock.invalid"));
    return new Provider(
        usual.name(),
        Protocol.BEDROCK,
        usual.baseUrl(),
        null,
        usual.models(),
        usual.timeouts(),
        1,
        1,
        usual.vendor());
  }
}
