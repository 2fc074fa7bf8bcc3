package io.iir.protocol.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.protocol.WireCall;
import io.iir.testing.Gateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationTest {

  private static final String FLASH = "gemini-2.5-flash";
  private static final String THIRD = "gemini-3-flash-preview";

  private static String part(String part) {
    return "[{\"role\":\"user\",\"content\":[%s]}]".formatted(part);
  }

  private static JsonNode sent(String part) {
    return Calls.contents(FLASH, part(part)).path(0).path("parts").path(0);
  }

  @Test
  void putsWhatTheSystemSaysApart() {
    JsonNode body =
        Calls.json(
            Calls.chat(
                FLASH,
                """
                "messages":[{"role":"system","content":"A"},{"role":"user","content":"Hi"},
                {"role":"developer","content":[{"type":"text","text":"B"}]}]\
                """));

    assertThat(body.path("systemInstruction"))
        .isEqualTo(Gateway.json("{\"parts\":[{\"text\":\"A\"},{\"text\":\"B\"}]}"));
    assertThat(body.path("contents"))
        .isEqualTo(Gateway.json("[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]"));
  }

  @Test
  void letsTheSystemAskWhereNoUserDoes() {
    JsonNode body =
        Calls.json(Calls.chat(FLASH, "\"messages\":[{\"role\":\"system\",\"content\":\"A\"}]"));

    assertThat(body)
        .isEqualTo(
            Gateway.json("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"A\"}]}]}"));
  }

  @Test
  void joinsWhatOneRoleSaysInARow() {
    assertThat(
            Calls.contents(
                FLASH,
                """
                [{"role":"user","content":"A"},{"role":"user","content":"B"},
                 {"role":"assistant","content":"C"},{"role":"assistant","content":"D"},
                 {"role":"user","content":"E"}]\
                """))
        .isEqualTo(
            Gateway.json(
                """
                [{"role":"user","parts":[{"text":"A"},{"text":"B"}]},
                 {"role":"model","parts":[{"text":"C"},{"text":"D"}]},
                 {"role":"user","parts":[{"text":"E"}]}]\
                """));
  }

  @Test
  void takesARefusalForWhatWasSaid() {
    assertThat(
            Calls.contents(
                    FLASH,
                    """
                    [{"role":"user","content":"A"},
                     {"role":"assistant","content":null,"refusal":"No."},
                     {"role":"user","content":"B"}]\
                    """)
                .path(1))
        .isEqualTo(Gateway.json("{\"role\":\"model\",\"parts\":[{\"text\":\"No.\"}]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data:image/png;base64,AAAA | image/png | AAAA",
        "data:image/svg+xml;charset=utf-8;base64,AAAA | image/svg+xml | AAAA",
        "DATA:text/plain,a%20b+c | text/plain | YSBiK2M=",
        "data:,x | text/plain | eA==",
      })
  void takesADataUrlAlong(String url, String type, String data) {
    assertThat(sent("{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}".formatted(url)))
        .isEqualTo(
            Gateway.json(
                "{\"inlineData\":{\"mimeType\":\"%s\",\"data\":\"%s\"}}".formatted(type, data)));
  }

  @Test
  void letsGeminiFetchWhatItFetches() {
    assertThat(sent("{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a.b/c.PNG?d=e.f\"}}"))
        .isEqualTo(
            Gateway.json(
                "{\"fileData\":{\"fileUri\":\"https://a.b/c.PNG?d=e.f\",\"mimeType\":\"image/png\"}}"));
    assertThat(sent("{\"type\":\"image_url\",\"image_url\":{\"url\":\"gs://b/c\"}}"))
        .isEqualTo(Gateway.json("{\"fileData\":{\"fileUri\":\"gs://b/c\"}}"));
    assertThat(
            sent("{\"type\":\"video_url\",\"video_url\":{\"url\":\"https://youtu.be/x\"}}")
                .path("fileData")
                .path("fileUri")
                .asText())
        .isEqualTo("https://youtu.be/x");
  }

  @Test
  void takesSoundAndFilesAlong() {
    assertThat(
            sent(
                "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"mp3\"}}"))
        .isEqualTo(Gateway.json("{\"inlineData\":{\"mimeType\":\"audio/mp3\",\"data\":\"AAAA\"}}"));
    assertThat(
            sent(
                "{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,AAAA\"}}"))
        .isEqualTo(
            Gateway.json("{\"inlineData\":{\"mimeType\":\"application/pdf\",\"data\":\"AAAA\"}}"));
    assertThat(sent("{\"type\":\"file\",\"file\":{\"filename\":\"a.csv\",\"file_data\":\"AAAA\"}}"))
        .isEqualTo(Gateway.json("{\"inlineData\":{\"mimeType\":\"text/csv\",\"data\":\"AAAA\"}}"));
    assertThat(
            sent(
                "{\"type\":\"file\",\"file\":{\"file_id\":\"https://generativelanguage.googleapis.com/v1beta/files/abc\"}}"))
        .isEqualTo(
            Gateway.json(
                "{\"fileData\":{\"fileUri\":\"https://generativelanguage.googleapis.com/v1beta/files/abc\"}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image_url.url | {\"type\":\"image_url\",\"image_url\":{\"url\":\"http://a.b/c.png\"}}",
        "image_url.url | {\"type\":\"image_url\",\"image_url\":{}}",
        "input_audio.format"
            + " | {\"type\":\"input_audio\",\"input_audio\":{\"data\":\"A\",\"format\":\"pcm16\"}}",
        "file.file_id | {\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}",
        "file.file_data | {\"type\":\"file\",\"file\":{\"file_data\":\"AAAA\"}}",
        "type | {\"type\":\"hologram\"}",
        "text | {\"type\":\"text\",\"text\":7}",
      })
  void refusesAPartItCannotCarry(String where, String part) {
    ApiException refusal = Calls.refusal("\"messages\":" + part(part));

    assertThat(refusal.error().param()).isEqualTo("messages[0].content[0]." + where);
    assertThat(refusal.error().message()).contains("messages[0].content[0]." + where);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "messages[0].role | {\"role\":\"narrator\",\"content\":\"x\"}",
        "messages[0].content | {\"role\":\"user\",\"content\":5}",
        "messages[0].audio | {\"role\":\"assistant\",\"audio\":{\"id\":\"a\"}}",
        "messages[0].function_call | {\"role\":\"assistant\",\"function_call\":{\"name\":\"f\"}}",
        "messages[0].tool_call_id | {\"role\":\"tool\",\"content\":\"x\"}",
        "messages[0].tool_call_id | {\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"x\"}",
      })
  void refusesAMessageItCannotCarry(String param, String message) {
    assertThat(Calls.refusal("\"messages\":[" + message + "]").error().param()).isEqualTo(param);
  }

  @Test
  void namesWhatItLeavesOutOfMessages() {
    WireCall call =
        Calls.chat(
            FLASH,
            """
            "messages":[{"role":"user","name":"ann","content":[{"type":"image_url",
            "image_url":{"url":"https://a.b/c.png","detail":"high"},
            "cache_control":{"type":"ephemeral"}}]},
            {"role":"assistant","content":"x","reasoning_content":"y"},
            {"role":"user","content":"z"}]\
            """);

    assertThat(call.dropped())
        .containsExactly(
            "messages[].name",
            "messages[].content[].cache_control",
            "messages[].content[].image_url.detail",
            "messages[].reasoning_content");
  }

  // ---- calls and results

  private static final String CALLS =
      """
      {"role":"user","content":"Hi"},{"role":"assistant","content":"","tool_calls":[
       {"id":"a1","type":"function","function":{"name":"f","arguments":"{\\"x\\":1.50}"}},
       {"id":"%s","type":"function","function":{"name":"g","arguments":""},
        "extra_content":{"google":{"thought_signature":"c2ln"}}}]}\
      """;

  @Test
  void givesResultsInTheOrderOfTheirCalls() {
    JsonNode contents =
        Calls.contents(
            FLASH,
            "["
                + CALLS.formatted("call_gemini_1f_0")
                + """
                ,{"role":"tool","tool_call_id":"call_gemini_1f_0","content":"late"},
                {"role":"tool","tool_call_id":"a1","content":"{\\"y\\":[1]}"},
                {"role":"user","content":"And?"}]\
                """);

    assertThat(contents)
        .isEqualTo(
            Gateway.json(
                """
                [{"role":"user","parts":[{"text":"Hi"}]},
                 {"role":"model","parts":[
                  {"functionCall":{"id":"a1","name":"f","args":{"x":1.50}}},
                  {"functionCall":{"name":"g","args":{}},"thoughtSignature":"c2ln"}]},
                 {"role":"user","parts":[
                  {"functionResponse":{"id":"a1","name":"f","response":{"y":[1]}}},
                  {"functionResponse":{"name":"g","response":{"output":"late"}}}]},
                 {"role":"user","parts":[{"text":"And?"}]}]\
                """));
  }

  @Test
  void signsTheFirstCallOfAnotherModelForTheThirdGeneration() {
    JsonNode parts =
        Calls.contents(
                THIRD,
                "["
                    + CALLS.formatted("b2")
                    + ",{\"role\":\"tool\",\"tool_call_id\":\"a1\",\"content\":\"1\"}"
                    + ",{\"role\":\"tool\",\"tool_call_id\":\"b2\",\"content\":\"2\"}]")
            .path(1)
            .path("parts");

    assertThat(parts.path(0).path("thoughtSignature").asText())
        .isEqualTo("skip_thought_signature_validator");
    assertThat(parts.path(1).path("thoughtSignature").asText()).isEqualTo("c2ln");
  }

  @Test
  void givesBackTheSignatureOfAText() {
    String signed =
        "[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":%s,"
            + "\"extra_content\":{\"google\":{\"thought_signature\":\"c2ln\"}}}]";

    assertThat(Calls.contents(THIRD, signed.formatted("\"Yo\"")).path(1).path("parts"))
        .isEqualTo(Gateway.json("[{\"text\":\"Yo\",\"thoughtSignature\":\"c2ln\"}]"));
    assertThat(Calls.contents(THIRD, signed.formatted("null")).path(1).path("parts"))
        .isEqualTo(Gateway.json("[{\"text\":\"\",\"thoughtSignature\":\"c2ln\"}]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {FLASH, THIRD})
  void givesPicturesWithResults(String model) {
    JsonNode parts =
        Calls.contents(
                model,
                """
                [{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[
                 {"id":"a1","type":"function","function":{"name":"f","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"a1","content":[{"type":"text","text":"See"},
                  {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]\
                """)
            .path(2)
            .path("parts");

    JsonNode inside = parts.path(0).path("functionResponse").path("parts").path(0);
    JsonNode picture = model.equals(THIRD) ? inside : parts.path(1);
    assertThat(picture)
        .isEqualTo(Gateway.json("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}"));
    assertThat(parts).hasSize(model.equals(THIRD) ? 1 : 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "function.arguments |"
            + " {\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"[1]\"}}",
        "function.arguments |"
            + " {\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}",
        "function.name | {\"id\":\"a\",\"type\":\"function\",\"function\":{}}",
        "type | {\"id\":\"a\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"x\"}}",
      })
  void refusesACallItCannotCarry(String where, String call) {
    ApiException refusal =
        Calls.refusal(
            "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[%s]}]".formatted(call));

    assertThat(refusal.error().param()).isEqualTo("messages[0].tool_calls[0]." + where);
  }
}
