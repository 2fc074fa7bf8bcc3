package io.iir.protocol.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Protocol;
import io.iir.openai.ApiException;
import io.iir.openai.Operation;
import io.iir.protocol.Handling;
import io.iir.protocol.WireCall;
import io.iir.testing.Gateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiProtocolTest {

  private static final String FLASH = "gemini-2.5-flash";
  private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  @Test
  void carriesChatsAndEmbeddings() {
    GeminiProtocol protocol = new GeminiProtocol();

    assertThat(protocol.protocol()).isEqualTo(Protocol.GEMINI);
    assertThat(Operation.values())
        .filteredOn(protocol::carries)
        .containsExactly(Operation.CHAT, Operation.EMBEDDINGS);
  }

  @ParameterizedTest
  @CsvSource({
    "gemini-2.5-flash, false, /models/gemini-2.5-flash:generateContent",
    "models/gemini-2.5-flash, false, /models/gemini-2.5-flash:generateContent",
    "gemini-2.5-flash, true, /models/gemini-2.5-flash:streamGenerateContent?alt=sse",
    "tunedModels/mine 1, false, /tunedModels/mine%201:generateContent",
    "a?b#c, false, /models/a%3Fb%23c:generateContent",
  })
  void callsTheMethodOfTheModel(String model, boolean stream, String path) {
    assertThat(Calls.hello(model, "\"stream\":" + stream).path()).isEqualTo(path);
  }

  @Test
  void sendsNoMoreThanAMessageNeeds() {
    WireCall call = Calls.chat(FLASH, HELLO);

    assertThat(Calls.json(call))
        .isEqualTo(
            Gateway.json("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}"));
    assertThat(call.headers()).isEmpty();
    assertThat(call.dropped()).isEmpty();
    assertThat(call.contentType()).isEqualTo("application/json");
  }

  @Test
  void namesWhatItDrops() {
    WireCall call =
        Calls.hello(
            FLASH,
            """
            "user":"u","metadata":{"a":"b"},"store":true,"verbosity":"low","prediction":null,
            "parallel_tool_calls":false,"something_new":1,"logit_bias":{}\
            """);

    assertThat(call.dropped())
        .containsExactly(
            "user", "metadata", "store", "verbosity", "parallel_tool_calls", "something_new");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "logit_bias | \"logit_bias\":{\"50\":1}",
        "functions | \"functions\":[{\"name\":\"f\"}]",
        "audio | \"audio\":{\"voice\":\"alloy\"}",
        "modalities | \"modalities\":[\"text\",\"audio\"]",
        "web_search_options | \"web_search_options\":{\"search_context_size\":\"low\"}",
        "response_format.type | \"response_format\":{\"type\":\"grammar\"}",
        "tools[0].type | \"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}]",
        "reasoning_effort | \"reasoning_effort\":\"enormous\"",
      })
  void refusesWhatItCannotCarry(String param, String member) {
    ApiException refusal = Calls.refusal(HELLO + "," + member);

    assertThat(refusal.error().status()).isEqualTo(400);
    assertThat(refusal.error().code()).isEqualTo("invalid_request");
    assertThat(refusal.error().param()).isEqualTo(param);
    assertThat(refusal.error().message()).contains(param.replaceAll("\\[.*", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"safety_settings", "safetySettings"})
  void passesOnSafetySettings(String name) {
    String settings =
        "[{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"BLOCK_ONLY_HIGH\"}]";

    WireCall call = Calls.hello(FLASH, "\"%s\":%s".formatted(name, settings));
    assertThat(Calls.json(call).path("safetySettings")).isEqualTo(Gateway.json(settings));
    assertThat(call.dropped()).isEmpty();
  }

  @Test
  void takesGooglesExtrasAsItsOwnEndpointDoes() {
    WireCall call =
        Calls.hello(
            FLASH,
            """
            "extra_body":{"google":{"cached_content":"cachedContents/1",
            "thinking_config":{"thinking_budget":800,"include_thoughts":true}}}\
            """);

    assertThat(Calls.json(call).path("cachedContent").asText()).isEqualTo("cachedContents/1");
    assertThat(Calls.json(call).path("generationConfig").path("thinkingConfig"))
        .isEqualTo(Gateway.json("{\"thinkingBudget\":800,\"includeThoughts\":true}"));
  }

  @Test
  void saysToEachPlatformWhatItTakes() {
    String members = HELLO + ",\"service_tier\":\"flex\",\"labels\":{\"team\":\"a\"}";
    WireCall gemini = Calls.chat(FLASH, Calls.GEMINI, members);
    WireCall vertex = Calls.chat(FLASH, Calls.VERTEX + "/", members);

    assertThat(Calls.json(gemini).path("serviceTier").asText()).isEqualTo("flex");
    assertThat(Calls.json(gemini).has("labels")).isFalse();
    assertThat(gemini.dropped()).containsExactly("labels");
    assertThat(Calls.json(vertex).path("labels").path("team").asText()).isEqualTo("a");
    assertThat(Calls.json(vertex).has("serviceTier")).isFalse();
    assertThat(vertex.dropped()).containsExactly("service_tier");
    assertThat(vertex.path()).isEqualTo(gemini.path());
  }

  @Test
  void saysOfEachFieldWhatBecomesOfIt() {
    assertThat(new GeminiProtocol().fields())
        .containsEntry("seed", Handling.CARRIED)
        .containsEntry("user", Handling.DROPPED)
        .containsEntry("logit_bias", Handling.REFUSED)
        .containsEntry("messages[].content[].input_audio", Handling.CARRIED);
  }
}
