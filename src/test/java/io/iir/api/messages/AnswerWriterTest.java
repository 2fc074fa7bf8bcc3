package io.iir.api.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ChatRequest;
import io.iir.testing.Gateway;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a whole chat completion for a client of the Messages API. */
class AnswerWriterTest {

  private static final String REQUEST =
      """
      {"model":"p/m","max_tokens":9,"stop_sequences":["END"],"messages":[{"role":"user","content":"Hi"}]}\
      """;

  private static String written(String completion) {
    ChatRequest request =
        new RequestReader("messages", UnaryOperator.identity())
            .read(REQUEST.getBytes(StandardCharsets.UTF_8));
    byte[] answer = AnswerWriter.write(completion.getBytes(StandardCharsets.UTF_8), request);
    return new String(answer, StandardCharsets.UTF_8);
  }

  private static JsonNode message(String choice) {
    return Gateway.json(
        written(
            """
            {"id":"chatcmpl-7","object":"chat.completion","model":"m","choices":[{"index":0,%s}],\
            "usage":{"prompt_tokens":12,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":10}}}\
            """
                .formatted(choice)));
  }

  private static JsonNode json(String text) {
    return Gateway.json(text.replace('\'', '"'));
  }

  @Test
  void writesAMessage() {
    assertThat(message("\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\""))
        .isEqualTo(
            json(
                """
                {'id':'msg_7','type':'message','role':'assistant','model':'m',
                 'content':[{'type':'text','text':'Hello'}],'stop_reason':'end_turn','stop_sequence':null,
                 'usage':{'input_tokens':2,'cache_creation_input_tokens':0,'cache_read_input_tokens':10,'output_tokens':3}}\
                """));
  }

  @Test
  void writesToolCallsWithTheirInput() {
    JsonNode message =
        message(
            """
            "message":{"content":null,"tool_calls":[
              {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"n\\": 1.50}"}},
              {"id":"call_2","type":"function","function":{"name":"g","arguments":""}},
              {"id":"call_3","type":"function","function":{"name":"h","arguments":"{oops"}}]},"finish_reason":"stop\"\
            """);

    assertThat(message.path("stop_reason").asText()).isEqualTo("tool_use");
    assertThat(message.path("content"))
        .isEqualTo(
            json(
                """
                [{'type':'tool_use','id':'call_1','name':'f','input':{'n':1.50},'caller':{'type':'direct'}},
                 {'type':'tool_use','id':'call_2','name':'g','input':{},'caller':{'type':'direct'}},
                 {'type':'tool_use','id':'call_3','name':'h','input':{'arguments':'{oops'},'caller':{'type':'direct'}}]\
                """));
  }

  @Test
  void writesThinkingBeforeText() {
    assertThat(
            message(
                    """
                    "message":{"reasoning_content":"Hm","content":"Yes"},"finish_reason":"stop\"\
                    """)
                .path("content"))
        .isEqualTo(
            json(
                "[{'type':'thinking','thinking':'Hm','signature':''},{'type':'text','text':'Yes'}]"));
  }

  @Test
  void writesSignedThinkingOnce() {
    assertThat(
            message(
                    """
                    "message":{"reasoning":"Hm","reasoning_details":[{"type":"reasoning.text","text":"Hm","signature":"c2ln"},
                      {"type":"reasoning.encrypted","data":"ZW5j"}],"content":[{"type":"text","text":"Yes"}]}\
                    """)
                .path("content"))
        .isEqualTo(
            json(
                """
                [{'type':'thinking','thinking':'Hm','signature':'c2ln'},{'type':'redacted_thinking','data':'ZW5j'},
                 {'type':'text','text':'Yes'}]\
                """));
  }

  @Test
  void writesARefusal() {
    JsonNode message =
        message(
            "\"message\":{\"content\":null,\"refusal\":\"No.\"},\"finish_reason\":\"content_filter\"");

    assertThat(message.path("stop_reason").asText()).isEqualTo("refusal");
    assertThat(message.path("content")).isEqualTo(json("[{'type':'text','text':'No.'}]"));
  }

  @Test
  void writesTheStopSequenceWhereTheServerSaysIt() {
    JsonNode message =
        message(
            "\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\",\"stop_reason\":\"END\"");

    assertThat(message.path("stop_reason").asText()).isEqualTo("stop_sequence");
    assertThat(message.path("stop_sequence").asText()).isEqualTo("END");
  }

  @Test
  void leavesAnthropicsOwnMessageAsItIs() {
    assertThat(
            written(
                "{\"id\":\"msg_1\",\"choices\":[],\"anthropic_message\":{\"id\":\"msg_1\",\"n\":1.50,\"content\":[]}}"))
        .isEqualTo("{\"id\":\"msg_1\",\"n\":1.50,\"content\":[]}");
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error",
    "401, authentication_error",
    "403, permission_error",
    "404, not_found_error",
    "413, request_too_large",
    "415, invalid_request_error",
    "429, rate_limit_error",
    "500, api_error",
    "502, api_error",
    "503, overloaded_error",
    "504, timeout_error"
  })
  void namesErrorsByStatus(int status, String type) {
    assertThat(ErrorForm.type(status)).isEqualTo(type);
  }

  @Test
  void writesErrors() {
    assertThat(
            Gateway.json(
                new String(
                    ErrorForm.write("not_found_error", "no \"such\" model", "req-1"),
                    StandardCharsets.UTF_8)))
        .isEqualTo(
            Gateway.json(
                """
                {"type":"error","error":{"type":"not_found_error","message":"no \\"such\\" model"},"request_id":"req-1"}\
                """));
  }
}
