package io.iir.protocol.anthropic;

import static io.iir.protocol.anthropic.Calls.PLAIN;
import static io.iir.protocol.anthropic.Calls.body;
import static io.iir.protocol.anthropic.Calls.call;
import static io.iir.protocol.anthropic.Calls.json;
import static io.iir.protocol.anthropic.Calls.refused;
import static io.iir.protocol.anthropic.Calls.said;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class ConversationTest {

  private static final String CALLS =
      """
      {"role":"assistant","content":null,"tool_calls":[
        {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1.50}"}},
        {"id":"call_2","type":"function","function":{"name":"g","arguments":""}}]}\
      """;

  @Test
  void aStringStaysOne() {
    JsonNode body =
        said(
            """
            [{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},
             {"role":"assistant","content":"Hello."},{"role":"user","content":"Go on"}]\
            """);

    assertThat(body.path("system")).isEqualTo(json("\"Be brief.\""));
    assertThat(body.path("messages"))
        .isEqualTo(
            json(
                """
                [{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},
                 {"role":"user","content":"Go on"}]\
                """));
  }

  @Test
  void systemAndDeveloperMessagesAreOneInTheirOrder() {
    JsonNode body =
        said(
            """
            [{"role":"system","content":"One."},
             {"role":"developer","content":[{"type":"text","text":"Two.",
               "cache_control":{"type":"ephemeral","ttl":"1h"}}]},
             {"role":"user","content":"Hi"}]\
            """);

    assertThat(body.path("system"))
        .isEqualTo(
            json(
                """
                [{"type":"text","text":"One."},
                 {"type":"text","text":"Two.","cache_control":{"type":"ephemeral","ttl":"1h"}}]\
                """));
  }

  @Test
  void laterSystemMessagesGoToTheFrontWhereTheModelHasNoOtherPlace() {
    JsonNode body =
        said(
            """
            [{"role":"system","content":"One."},{"role":"user","content":"Hi"},
             {"role":"system","content":"Two."},{"role":"user","content":"There"}]\
            """);

    assertThat(body.path("system").findValuesAsText("text")).containsExactly("One.", "Two.");
    assertThat(body.path("messages"))
        .isEqualTo(
            json(
                """
                [{"role":"user","content":[{"type":"text","text":"Hi"},
                  {"type":"text","text":"There"}]}]\
                """));
  }

  @Test
  void laterSystemMessagesStandBehindTheUsersTurnWhereTheModelTakesThem() {
    String messages =
        """
        [{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},
         {"role":"developer","content":"Now in French."},{"role":"user","content":"Go on"}]\
        """;
    JsonNode body = body(call("claude-opus-5", messages));

    assertThat(body.has("system")).isFalse();
    assertThat(body.path("messages").findValuesAsText("role"))
        .containsExactly("user", "assistant", "user", "system");
    assertThat(body.path("messages").path(3).path("content").asText()).isEqualTo("Now in French.");
  }

  @Test
  void aSystemMessageBehindTheAssistantGoesToTheFront() {
    JsonNode body =
        body(
            call(
                "claude-opus-4-8",
                """
                [{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},
                 {"role":"system","content":"S"},{"role":"assistant","content":"More."},
                 {"role":"user","content":"Yes"}]\
                """));

    assertThat(body.path("system").findValuesAsText("text")).containsExactly("S");
    assertThat(body.path("messages").findValuesAsText("role"))
        .containsExactly("user", "assistant", "user");
  }

  @Test
  void allResultsOfATurnAreInOneMessageBeforeWhatTheUserSays() {
    JsonNode body =
        said(
            """
            [{"role":"user","content":"Do"},%s,
             {"role":"tool","tool_call_id":"call_1","content":"one"},
             {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"two"}],
              "is_error":true,"cache_control":{"type":"ephemeral"}},
             {"role":"user","content":"And?"}]\
            """
                .formatted(CALLS));

    assertThat(body.path("messages").path(1))
        .isEqualTo(
            json(
                """
                {"role":"assistant","content":[
                  {"type":"tool_use","id":"call_1","name":"f","input":{"a":1.50}},
                  {"type":"tool_use","id":"call_2","name":"g","input":{}}]}\
                """));
    assertThat(body.path("messages").path(2))
        .isEqualTo(
            json(
                """
                {"role":"user","content":[
                  {"type":"tool_result","tool_use_id":"call_1","content":"one"},
                  {"type":"tool_result","tool_use_id":"call_2",
                   "content":[{"type":"text","text":"two"}],"is_error":true,
                   "cache_control":{"type":"ephemeral"}},
                  {"type":"text","text":"And?"}]}\
                """));
    assertThat(body.path("messages")).hasSize(3);
  }

  @Test
  void anEmptyTextBesideACallOrThoughtsHidesNeither() {
    JsonNode called =
        said(
            """
            [{"role":"user","content":"Do"},
             {"role":"assistant","content":"","tool_calls":[{"id":"c","type":"function",
              "function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"c","content":"done"}]\
            """);
    JsonNode thought =
        said(
            """
            [{"role":"user","content":"Do"},
             {"role":"assistant","content":" ","reasoning_details":[
               {"type":"reasoning.text","text":"t","signature":"s"}]},
             {"role":"user","content":"Go on"}]\
            """);

    assertThat(called.path("messages").path(1).path("content"))
        .isEqualTo(json("[{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"f\",\"input\":{}}]"));
    assertThat(thought.path("messages").path(1).path("content"))
        .isEqualTo(json("[{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"s\"}]"));
  }

  @Test
  void idsOfOtherVendorsBecomeOnesThatAnthropicTakes() {
    JsonNode body =
        said(
            """
            [{"role":"user","content":"Do"},
             {"role":"assistant","tool_calls":[{"id":"functions.f:0","type":"function",
              "function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"functions.f:0","content":""}]\
            """);

    assertThat(body.path("messages").path(1).path("content").path(0).path("id").asText())
        .isEqualTo("functions_f_0");
  }

  @Test
  void signedThoughtsComeFirstInTheirOrderAndPiecesAreOne() {
    JsonNode body =
        said(
            """
            [{"role":"user","content":"Do"},
             {"role":"assistant","content":"So.","reasoning_content":"AB","reasoning_details":[
               {"type":"reasoning.encrypted","data":"xx","index":1},
               {"type":"reasoning.text","text":"A","index":0},
               {"type":"reasoning.text","text":"B","index":0},
               {"type":"reasoning.text","signature":"sig","index":0},
               {"type":"reasoning.text","text":"unsigned","index":2},
               {"type":"reasoning.text","text":"of another","signature":"","index":3},
               {"type":"reasoning.text","text":"o","signature":"s","format":"google-gemini-v1"},
               {"type":"reasoning.summary","summary":"short","index":4}]},
             {"role":"user","content":"Go on"}]\
            """);

    assertThat(body.path("messages").path(1).path("content"))
        .isEqualTo(
            json(
                """
                [{"type":"thinking","thinking":"AB","signature":"sig"},
                 {"type":"redacted_thinking","data":"xx"},{"type":"text","text":"So."}]\
                """));
  }

  @Test
  void whatIsBlankIsLeftOut() {
    JsonNode body =
        said(
            """
            [{"role":"system","content":""},{"role":"user","content":"Hi"},
             {"role":"assistant","content":""},
             {"role":"user","content":[{"type":"text","text":" "},{"type":"text","text":"x"}]}]\
            """);

    assertThat(body.has("system")).isFalse();
    assertThat(body.path("messages").path(0).path("content").findValuesAsText("text"))
        .containsExactly("Hi", "x");
  }

  @Test
  void theAssistantsBeginningIsGoneOnFromWhereTheModelTakesIt() {
    String messages =
        """
        [{"role":"user","content":"Poem"},{"role":"assistant","content":"Roses are \\n"}]\
        """;

    assertThat(said(messages).path("messages").path(1).path("content").asText())
        .isEqualTo("Roses are");
    assertThat(refused("claude-opus-4-6", messages)).isEqualTo("messages");
  }

  @Test
  void whatTheAssistantRefusedIsToldToo() {
    JsonNode body =
        said(
            """
            [{"role":"user","content":"Harm"},
             {"role":"assistant","content":null,"refusal":"No."},
             {"role":"user","content":"Why?"}]\
            """);

    assertThat(body.path("messages").path(1).path("content").path(0).path("text").asText())
        .isEqualTo("No.");
  }

  @Test
  void namesAreLeftOut() {
    assertThat(call(PLAIN, "[{\"role\":\"user\",\"name\":\"Ann\",\"content\":\"Hi\"}]").dropped())
        .containsExactly("messages[].name");
  }

  @Test
  void whatCannotBeSaidIsRefusedWithItsPlace() {
    assertThat(refused(PLAIN, "[{\"role\":\"system\",\"content\":\"S\"}]")).isEqualTo("messages");
    assertThat(refused(PLAIN, "[{\"role\":\"function\",\"content\":\"x\"}]"))
        .isEqualTo("messages[0].role");
    assertThat(refused(PLAIN, "[{\"role\":\"user\",\"content\":7}]"))
        .isEqualTo("messages[0].content");
    assertThat(refused(PLAIN, "[{\"role\":\"assistant\",\"function_call\":{\"name\":\"f\"}}]"))
        .isEqualTo("messages[0].function_call");
    assertThat(refused(PLAIN, "[{\"role\":\"assistant\",\"audio\":{\"id\":\"a\"}}]"))
        .isEqualTo("messages[0].audio");
    assertThat(
            refused(
                PLAIN,
                """
                [{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c",
                 "type":"function","function":{"name":"f","arguments":"[1"}}]}]\
                """))
        .isEqualTo("messages[1].tool_calls[0].function.arguments");
    assertThat(
            refused(
                PLAIN,
                """
                [{"role":"assistant","tool_calls":[{"id":"c","type":"custom",
                 "custom":{"name":"f","input":"x"}}]}]\
                """))
        .isEqualTo("messages[0].tool_calls[0]");
  }
}
