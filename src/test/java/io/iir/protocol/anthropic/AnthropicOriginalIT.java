package io.iir.protocol.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.SignatureDelta;
import com.fasterxml.jackson.databind.JsonNode;
import io.iir.protocol.kit.ProtocolFake;
import io.iir.protocol.kit.Scenario;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Anthropic's own client, with Anthropic behind the gateway: nothing is lost between them. */
class AnthropicOriginalIT {

  private static ProtocolFake fake;
  private static Gateway gateway;
  private static AnthropicClient client;

  @BeforeAll
  static void start() {
    fake = new AnthropicFake();
    gateway =
        Gateway.start(Gateway.all(fake.settings("kit"), new String[] {"iir.cache.enabled=false"}));
    client =
        AnthropicOkHttpClient.builder()
            .baseUrl(gateway.url("").toString())
            .apiKey(Gateway.ADMIN_KEY)
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    gateway.close();
    fake.close();
  }

  @BeforeEach
  void forget() {
    fake.requests().clear();
  }

  private static MessageCreateParams.Builder think() {
    return MessageCreateParams.builder()
        .model("kit/claude-opus-5")
        .maxTokens(4000)
        .addUserMessage("Think.")
        .putAdditionalHeader("anthropic-beta", "context-1m-2025-08-07");
  }

  private static JsonNode sent() {
    FakeProvider.Call call = fake.requests().getFirst();
    assertThat(call.headers().get("anthropic-version")).containsExactly("2026-10-21");
    assertThat(call.headers().get("anthropic-beta")).containsExactly("context-1m-2025-08-07");
    return Gateway.json(call.body());
  }

  @Test
  void aWholeAnswer() {
    fake.play(Scenario.REASONING);
    Message message = client.messages().create(think().build());

    assertThat(sent())
        .isEqualTo(
            Calls.json(
                """
                {"model":"claude-opus-5","max_tokens":4000,
                 "messages":[{"role":"user","content":"Think."}]}\
                """));
    assertThat(message.id()).isEqualTo("msg_011CdMGQkaWBowzKjDD9nzPh");
    assertThat(message.content().getFirst().asThinking().signature()).startsWith("CAISzQIKhwEIE");
    assertThat(message.usage().outputTokensDetails())
        .hasValueSatisfying(details -> assertThat(details.thinkingTokens()).isEqualTo(33));
  }

  @Test
  void aStream() {
    fake.play(Scenario.REASONING);
    List<RawMessageStreamEvent> events;
    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(think().build())) {
      events = stream.stream().toList();
    }

    assertThat(sent().path("stream").asBoolean()).isTrue();
    assertThat(events.getFirst().asMessageStart().message().id())
        .isEqualTo("msg_011CdZqGg4K3tq97K7RDtTw7");
    assertThat(events.getLast().isMessageStop()).isTrue();
    assertThat(
            events.stream()
                .flatMap(event -> event.contentBlockDelta().stream())
                .flatMap(event -> event.delta().signature().stream())
                .map(SignatureDelta::signature))
        .singleElement()
        .asString()
        .startsWith("EsECCokBCBAYAipA");
  }
}
