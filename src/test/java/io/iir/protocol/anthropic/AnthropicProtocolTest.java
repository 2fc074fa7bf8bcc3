package io.iir.protocol.anthropic;

import static io.iir.protocol.anthropic.Calls.PLAIN;
import static io.iir.protocol.anthropic.Calls.call;
import static io.iir.protocol.anthropic.Calls.dropped;
import static io.iir.protocol.anthropic.Calls.hello;
import static io.iir.protocol.anthropic.Calls.json;
import static io.iir.protocol.anthropic.Calls.refused;
import static io.iir.protocol.anthropic.Calls.refusedHello;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ChatRequest;
import io.iir.openai.Operation;
import io.iir.protocol.Handling;
import io.iir.protocol.WireCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicProtocolTest {

  private static final String HELLO = "[{\"role\":\"user\",\"content\":\"Hello\"}]";
  private static final String SCHEMA =
      """
      "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,
       "schema":{"type":"object","properties":{},"additionalProperties":false}}}\
      """;

  @ParameterizedTest
  @EnumSource
  void itChats(Operation operation) {
    assertThat(new AnthropicProtocol().carries(operation)).isEqualTo(operation == Operation.CHAT);
  }

  @Test
  void whereAndHow() {
    WireCall call = call("claude-haiku-4-5", HELLO);

    assertThat(call.path()).isEqualTo("/messages");
    assertThat(call.contentType()).isEqualTo("application/json");
    assertThat(call.headers()).containsOnlyKeys("anthropic-version");
    assertThat(call.headers()).containsEntry("anthropic-version", "2023-06-01");
    assertThat(hello("claude-haiku-4-5"))
        .isEqualTo(
            json(
                """
                {"model":"claude-haiku-4-5","max_tokens":64000,
                 "messages":[{"role":"user","content":"Hello"}]}\
                """));
  }

  @Test
  void simpleFields() {
    JsonNode body =
        hello(
            PLAIN,
            "\"max_tokens\":9",
            "\"stream\":true",
            "\"stop\":[\"a\",\"b\"]",
            "\"temperature\":0.30",
            "\"user\":\"u-1\"",
            "\"service_tier\":\"default\"",
            "\"top_k\":5",
            "\"cache_control\":{\"type\":\"ephemeral\"}",
            "\"n\":1",
            "\"logprobs\":false",
            "\"seed\":null");

    assertThat(body)
        .isEqualTo(
            json(
                """
                {"model":"claude-sonnet-4-5","max_tokens":9,"stream":true,
                 "messages":[{"role":"user","content":"Hello"}],"stop_sequences":["a","b"],
                 "temperature":0.30,"metadata":{"user_id":"u-1"},"service_tier":"standard_only",
                 "top_k":5,"cache_control":{"type":"ephemeral"}}\
                """));
    assertThat(hello(PLAIN, "\"stop\":\"a\"").path("stop_sequences")).isEqualTo(json("[\"a\"]"));
    assertThat(hello(PLAIN, "\"max_tokens\":9", "\"max_completion_tokens\":7").path("max_tokens"))
        .isEqualTo(json("7"));
  }

  @Test
  void temperaturesAboveOneAreOne() {
    assertThat(hello(PLAIN, "\"temperature\":1.7").path("temperature")).isEqualTo(json("1"));
    assertThat(hello(PLAIN, "\"temperature\":1").path("temperature")).isEqualTo(json("1"));
  }

  @Test
  void samplingIsLeftOutWhereTheModelRefusesIt() {
    String[] sampling = {"\"temperature\":0.5", "\"top_p\":0.9", "\"top_k\":4"};

    assertThat(dropped("claude-opus-5", sampling)).containsExactly("temperature", "top_k", "top_p");
    assertThat(dropped(PLAIN, sampling)).containsExactly("top_p");
    assertThat(dropped("claude-3-5-haiku-20241022", sampling)).isEmpty();
    assertThat(hello(PLAIN, "\"top_p\":0.9").path("top_p")).isEqualTo(json("0.9"));
  }

  @Test
  void usersAreNamedOnce() {
    assertThat(hello(PLAIN, "\"safety_identifier\":\"s\"").path("metadata"))
        .isEqualTo(json("{\"user_id\":\"s\"}"));
    String[] both = {"\"user\":\"u\"", "\"safety_identifier\":\"s\""};
    assertThat(hello(PLAIN, both).path("metadata")).isEqualTo(json("{\"user_id\":\"u\"}"));
    assertThat(dropped(PLAIN, both)).containsExactly("safety_identifier");
    assertThat(hello(PLAIN, "\"metadata\":{\"user_id\":\"m\"}").path("metadata"))
        .isEqualTo(json("{\"user_id\":\"m\"}"));
    assertThat(dropped(PLAIN, "\"metadata\":{\"team\":\"x\"}")).containsExactly("metadata");
    assertThat(dropped(PLAIN, "\"user\":\"" + "u".repeat(300) + "\"")).containsExactly("user");
  }

  @Test
  void jsonByASchema() {
    assertThat(hello(PLAIN, SCHEMA).path("output_config"))
        .isEqualTo(
            json(
                """
                {"format":{"type":"json_schema","schema":{"type":"object","properties":{},
                 "additionalProperties":false}}}\
                """));
    assertThat(hello("claude-opus-5", SCHEMA, "\"reasoning_effort\":\"low\"").path("output_config"))
        .hasSize(2);
    assertThat(refused("claude-3-5-haiku-20241022", HELLO, SCHEMA)).isEqualTo("response_format");
  }

  @Test
  void aSchemaIsOneThatClaudeTakes() {
    String open =
        """
        "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":
         {"type":"object","properties":{"a":{"type":"string"%s}}}}}\
        """;

    assertThat(
            hello(PLAIN, open.formatted(""))
                .at("/output_config/format/schema/additionalProperties")
                .isBoolean())
        .isTrue();
    assertThat(dropped(PLAIN, open.formatted(""))).isEmpty();
    assertThat(
            hello(PLAIN, open.formatted(",\"minLength\":2"))
                .at("/output_config/format/schema/properties/a/description")
                .asText())
        .isEqualTo("{minLength: 2}");
    assertThat(dropped(PLAIN, open.formatted(",\"minLength\":2")))
        .containsExactly("response_format.json_schema.schema");
    assertThat(refusedHello("\"response_format\":{\"type\":\"json_schema\"}"))
        .isEqualTo("response_format.json_schema.schema");
  }

  @Test
  void jsonWithoutASchemaIsAskedFor() {
    String format = "\"response_format\":{\"type\":\"json_object\"}";

    assertThat(hello(PLAIN, format).path("system").asText()).startsWith("Answer with one JSON");
    String system =
        "[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"H\"}]";
    assertThat(Calls.body(call(PLAIN, system, format)).path("system").asText())
        .startsWith("S\n\nAnswer with one JSON");
  }

  @Test
  void whatDoesNoHarmIsLeftOutAndNamed() {
    assertThat(
            dropped(
                PLAIN,
                "\"frequency_penalty\":1",
                "\"presence_penalty\":1",
                "\"seed\":1",
                "\"store\":true",
                "\"prediction\":{}",
                "\"prompt_cache_key\":\"k\"",
                "\"verbosity\":\"low\"",
                "\"service_tier\":\"flex\"",
                "\"whatever\":1"))
        .containsExactly(
            "frequency_penalty",
            "prediction",
            "presence_penalty",
            "prompt_cache_key",
            "seed",
            "service_tier",
            "store",
            "verbosity",
            "whatever");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"n\":2 | n",
        "\"logprobs\":true | logprobs",
        "\"logit_bias\":{\"5\":1} | logit_bias",
        "\"audio\":{} | audio",
        "\"modalities\":[\"text\",\"audio\"] | modalities",
        "\"web_search_options\":{} | web_search_options",
        "\"functions\":[{\"name\":\"f\"}] | functions",
        "\"stop\":\"\\n\" | stop",
        "\"response_format\":{\"type\":\"grammar\"} | response_format.type"
      })
  void whatChangesTheAnswerIsRefused(String member, String param) {
    assertThat(refusedHello(member)).isEqualTo(param);
  }

  @ParameterizedTest
  @ValueSource(strings = {"n", "logit_bias", "functions", "audio", "web_search_options"})
  void theTableSaysSo(String field) {
    assertThat(new AnthropicProtocol().fields()).containsEntry(field, Handling.REFUSED);
  }

  @Test
  void whatWasMadeForAnthropicGoesOutAsItCame() {
    String body =
        """
        { "max_tokens" : 5, "metadata":{"model":"x"}, "model" : "a\\u002fb" ,
         "messages":[{"role":"user","content":"H"}], "context_management":{},"top_p":1.0e0 }\
        """;
    ChatRequest chat =
        ChatRequest.of(
            "{\"model\":\"a/b\",\"messages\":[{\"role\":\"user\",\"content\":\"H\"}]}"
                .getBytes(UTF_8),
            new ChatRequest.Original("messages", body.getBytes(UTF_8)));

    WireCall call = new AnthropicProtocol().call(chat, Calls.target("claude-opus-5"));

    assertThat(call.body()).asString(UTF_8).isEqualTo(body.replace("a\\u002fb", "claude-opus-5"));
    assertThat(call.dropped()).isEmpty();
  }
}
