package io.iir.api.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.openai.JsonBytes;
import io.iir.testing.Gateway;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests on their way in, whole answers on their way out. */
class ResponsesApiTest {

  private final ResponsesApi api = new ResponsesApi();

  private ChatRequest read(String json) {
    return (ChatRequest) api.read(json.getBytes(UTF_8), "application/json");
  }

  private JsonNode chat(String json) {
    return Gateway.json(new String(read(json).body(), UTF_8));
  }

  private JsonNode answer(String request, String completion) {
    byte[] answer = api.answer(completion.getBytes(UTF_8), read(request));
    return Gateway.json(new String(answer, UTF_8));
  }

  // ---- requests

  @Test
  void aTextIsWhatTheUserSays() {
    assertThat(chat("{\"model\":\"m\",\"input\":\"Hi\"}"))
        .isEqualTo(
            Gateway.json(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"model\":\"m\"}"));
  }

  @Test
  void fieldsHaveTheirPlacesInAChat() {
    JsonNode chat =
        chat(
            """
            {"model":"m","input":"Hi","instructions":"Be kind","stream":true,"store":true,"temperature":0.10,
             "top_p":1,"max_output_tokens":99,"parallel_tool_calls":false,"top_logprobs":3,"seed":7,
             "reasoning":{"effort":"high","summary":"auto"},"metadata":{"a":"b"},"user":"u","truncation":"auto",
             "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}}},
             "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true},
                      {"type":"custom","name":"c","format":{"type":"grammar","syntax":"lark","definition":"x"}}],
             "tool_choice":{"type":"function","name":"f"},"previous_response_id":null,"background":false,
             "include":["reasoning.encrypted_content"],"stream_options":{"include_obfuscation":false}}\
            """);
    assertThat(chat)
        .isEqualTo(
            Gateway.json(
                """
                {"model":"m","stream":true,"temperature":0.10,"top_p":1,"seed":7,"user":"u",
                 "messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"Hi"}],
                 "tool_choice":{"type":"function","function":{"name":"f"}},
                 "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},
                          {"type":"custom","custom":{"name":"c","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"x"}}}}],
                 "parallel_tool_calls":false,"max_tokens":99,"verbosity":"low",
                 "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},
                 "reasoning_effort":"high","logprobs":true,"top_logprobs":3,"stream_options":{"include_usage":true}}\
                """));
  }

  @Test
  void numbersStayAsTheyWereWritten() {
    String body =
        new String(
            read("{\"model\":\"m\",\"input\":\"a\",\"top_p\":0.10,\"x\":1e400}").body(), UTF_8);
    assertThat(body).contains("\"top_p\":0.10").contains("1E+400");
  }

  @Test
  void whatTheModelDidInOneTurnIsOneMessage() {
    assertThat(
            chat("""
            {"model":"m","input":[
              {"role":"developer","content":"One"},
              {"type":"message","role":"system","content":[{"type":"input_text","text":"Two"}]},
              {"role":"user","content":"Hi"},
              {"type":"reasoning","id":"rs_1","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}]},
              {"type":"message","id":"msg_1","role":"assistant","status":"completed",
               "content":[{"type":"output_text","text":"Wait","annotations":[]}]},
              {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}"},
              {"type":"custom_tool_call","id":"ctc_1","call_id":"c2","name":"g","input":"raw"},
              {"type":"function_call_output","call_id":"c1","output":"one"},
              {"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"},
                {"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"low"}]},
              {"role":"assistant","content":"Done"}]}\
            """)
                .path("messages"))
        .isEqualTo(
            Gateway.json(
                """
                [{"role":"system","content":"One\\n\\nTwo"},
                 {"role":"user","content":"Hi"},
                 {"role":"assistant","content":"Wait","reasoning_content":"Hm","tool_calls":[
                   {"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},
                   {"id":"c2","type":"custom","custom":{"name":"g","input":"raw"}}]},
                 {"role":"tool","tool_call_id":"c1","content":"one"},
                 {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"two"},
                   {"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}}]},
                 {"role":"assistant","content":"Done"}]\
                """));
  }

  @Test
  void partsHaveTheirFormInAChat() {
    assertThat(
            chat("""
            {"model":"m","input":[{"role":"user","content":[
              {"type":"input_text","text":"Look","cache_control":{"type":"ephemeral"}},
              {"type":"input_image","image_url":"https://example.com/a.png"},
              {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="},
              {"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]}\
            """)
                .at("/messages/0/content"))
        .isEqualTo(
            Gateway.json(
                """
                [{"type":"text","text":"Look","cache_control":{"type":"ephemeral"}},
                 {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
                 {"type":"file","file":{"file_data":"data:application/pdf;base64,AA==","filename":"a.pdf"}},
                 {"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]\
                """));
  }

  @Test
  void ofAllowedToolsTheOthersAreLeftOut() {
    JsonNode chat =
        chat(
            """
            {"model":"m","input":"a","tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}],
             "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"g"}]}}\
            """);
    assertThat(chat.path("tool_choice").asText()).isEqualTo("required");
    assertThat(chat.path("tools")).hasSize(1);
    assertThat(chat.at("/tools/0/function/name").asText()).isEqualTo("g");
  }

  @Test
  void itemsOfAnAnswerCanBeReferredTo() {
    assertThat(chat(referring(itemOf("{\"model\":\"m\",\"input\":\"Hi\"}"))).path("messages"))
        .isEqualTo(
            Gateway.json(
                """
                [{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",
                  "function":{"name":"f","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"call_1","content":"ok"}]\
                """));
  }

  @Test
  void nothingIsKeptOfAnAnswerThatIsNotToBeStored() {
    String id = itemOf("{\"model\":\"m\",\"input\":\"Hi\",\"store\":false}");
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> read(referring(id)))
        .satisfies(e -> assertThat(e.error().param()).isEqualTo("input[0].id"));
  }

  private String itemOf(String request) {
    return answer(
            request,
            """
            {"choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,
              "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}\
            """)
        .path("output")
        .path(0)
        .path("id")
        .asText();
  }

  private static String referring(String id) {
    return """
    {"model":"m","input":[{"type":"item_reference","id":"%s"},
      {"type":"function_call_output","call_id":"call_1","output":"ok"}]}\
    """
        .formatted(id);
  }

  @Test
  void withoutToolsNothingIsSaidOfThem() {
    JsonNode chat =
        chat(
            "{\"model\":\"m\",\"input\":\"a\",\"tools\":[],\"tool_choice\":\"auto\",\"parallel_tool_calls\":true}");
    assertThat(chat.properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("model", "messages");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "input":"a","previous_response_id":"r"                               | previous_response_id | 'input'
          "input":"a","conversation":{"id":"c"}                                | conversation         | 'input'
          "input":"a","background":true                                        | background           | stream
          "input":"a","prompt":{"id":"p"}                                      | prompt               | 'instructions'
          "input":"a","messages":[]                                            | messages             | 'input'
          "input":"a","response_format":{"type":"json_object"}                 | response_format      | 'text.format'
          "input":"a","max_tokens":1                                           | max_tokens           | 'max_output_tokens'
          "input":"a","n":2                                                    | n                    | one request
          "instructions":"a"                                                   | input                | string
          "input":[]                                                           | input                | at least one
          "input":[1]                                                          | input[0]             | object
          "input":[{"type":"item_reference","id":"x"}]                         | input[0].id          | send the item itself
          "input":[{"type":"web_search_call","id":"x"}]                        | input[0].type        | web_search_call
          "input":[{"role":"judge","content":"a"}]                             | input[0].role        | 'user'
          "input":[{"role":"user","content":[{"type":"video"}]}]               | input[0].content[0].type | video
          "input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}] | input[0].content[0].file_id | image_url
          "input":[{"role":"user","content":[{"type":"input_file","file_url":"f"}]}] | input[0].content[0].file_url | file_data
          "input":[{"type":"function_call","call_id":"c","name":"f"}]          | input[0].arguments   | string
          "input":"a","tools":[{"type":"function","name":"f"},{"type":"mcp"}]  | tools[1].type        | 'mcp'
          "input":"a","tools":[{"type":"function"}]                            | tools[0].name        | string
          "input":"a","tool_choice":{"type":"file_search"}                     | tool_choice.type     | file_search
          "input":"a","text":{"format":{"type":"xml"}}                         | text.format.type     | xml
          "input":"a","text":"b"                                               | text                 | object
          "input":"a","include":"b"                                            | include              | array
          "input":"a","stream":"yes"                                           | stream               | true or false
          """)
  void whatCannotBeCarriedIsNamed(String fields, String param, String hint) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> read("{\"model\":\"m\"," + fields + "}"))
        .satisfies(e -> {
          assertThat(e.error().status()).isEqualTo(400);
          assertThat(e.error().code()).isEqualTo("invalid_request");
          assertThat(e.error().param()).isEqualTo(param);
          assertThat(e.error().message()).contains(hint);
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                    | not a JSON object
          []                    | not a JSON object
          {"model":"m"          | ends in the middle
          {"a":1,"a":2}         | twice
          {"model":"m"} x       | not valid JSON
          {"model":"m"} {}      | goes on
          """)
  void whatIsNoJsonIsRefused(String body, String hint) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> read(body))
        .satisfies(e -> {
          assertThat(e.error().code()).isEqualTo("invalid_json");
          assertThat(e.error().message()).contains(hint);
        });
  }

  // ---- whole answers

  @Test
  void anAnswerRepeatsTheRequest() {
    JsonNode answer =
        answer(
            """
            {"model":"m","input":"Hi","instructions":"Be kind","metadata":{"a":"b"},"temperature":0.5,
             "tools":[{"type":"function","name":"f"}],"max_output_tokens":9,"user":"u"}\
            """,
            """
            {"id":"c1","created":7,"model":"real-m","service_tier":"default","choices":[{"index":0,
              "message":{"role":"assistant","content":"Hi 😀 \\u00e9\\n"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7,
               "prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":1},"completion_tokens_details":{"reasoning_tokens":1}}}\
            """);
    assertThat(answer.path("created_at").asInt()).isEqualTo(7);
    assertThat(answer.path("model").asText()).isEqualTo("real-m");
    assertThat(answer.path("instructions").asText()).isEqualTo("Be kind");
    assertThat(answer.path("metadata")).isEqualTo(Gateway.json("{\"a\":\"b\"}"));
    assertThat(answer.path("tools"))
        .isEqualTo(Gateway.json("[{\"type\":\"function\",\"name\":\"f\"}]"));
    assertThat(answer.path("temperature").asDouble()).isEqualTo(0.5);
    assertThat(answer.path("max_output_tokens").asInt()).isEqualTo(9);
    assertThat(answer.path("tool_choice").asText()).isEqualTo("auto");
    assertThat(answer.path("truncation").asText()).isEqualTo("disabled");
    assertThat(answer.path("service_tier").asText()).isEqualTo("default");
    assertThat(answer.path("error").isNull()).isTrue();
    assertThat(answer.path("usage"))
        .isEqualTo(
            Gateway.json(
                """
                {"input_tokens":5,"input_tokens_details":{"cached_tokens":3,"cache_write_tokens":1},
                 "output_tokens":2,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":7}\
                """));
    assertThat(answer.at("/output/0/content/0"))
        .isEqualTo(
            Gateway.json(
                "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"Hi 😀"
                    + " é\\n\"}"));
  }

  @ParameterizedTest
  @CsvSource({"length,max_output_tokens", "content_filter,content_filter"})
  void aCutAnswerIsIncomplete(String finish, String reason) {
    JsonNode answer =
        answer(
            "{\"model\":\"m\",\"input\":\"Hi\"}",
            "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"Once\"},\"finish_reason\":\"%s\"}]}"
                .formatted(finish));
    assertThat(answer.path("status").asText()).isEqualTo("incomplete");
    assertThat(answer.at("/incomplete_details/reason").asText()).isEqualTo(reason);
    assertThat(answer.at("/output/0/status").asText()).isEqualTo("incomplete");
    assertThat(answer.path("usage").isNull()).isTrue();
    assertThat(answer.path("model").asText()).isEqualTo("m");
  }

  @Test
  void aRefusalIsAPartOfItsOwn() {
    JsonNode answer =
        answer(
            "{\"model\":\"m\",\"input\":\"Hi\"}",
            "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"No.\"},\"finish_reason\":\"stop\"}]}");
    assertThat(answer.path("status").asText()).isEqualTo("completed");
    assertThat(answer.at("/output/0/content"))
        .isEqualTo(Gateway.json("[{\"type\":\"refusal\",\"refusal\":\"No.\"}]"));
  }

  @Test
  void sourcesAreAnnotations() {
    JsonNode answer =
        answer(
            "{\"model\":\"m\",\"input\":\"Hi\"}",
            """
            {"choices":[{"message":{"content":"See there","annotations":[{"type":"url_citation",
              "url_citation":{"start_index":0,"end_index":3,"url":"https://example.com","title":"T"}}]},"finish_reason":"stop"}]}\
            """);
    assertThat(answer.at("/output/0/content/0/annotations"))
        .isEqualTo(
            Gateway.json(
                """
                [{"type":"url_citation","start_index":0,"end_index":3,"url":"https://example.com","title":"T"}]\
                """));
  }

  @Test
  void mistralsPartsAreReasoningAndText() {
    JsonNode answer =
        answer(
            "{\"model\":\"m\",\"input\":\"Hi\"}",
            """
            {"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]},
              {"type":"text","text":"Hi"}]},"finish_reason":"stop"}]}\
            """);
    assertThat(answer.at("/output/0/content/0/text").asText()).isEqualTo("Hm");
    assertThat(answer.at("/output/1/content/0/text").asText()).isEqualTo("Hi");
  }

  @Test
  void whatTheProviderSignedComesBack() {
    JsonNode answer =
        answer(
            "{\"model\":\"m\",\"input\":\"Hi\",\"reasoning\":{\"summary\":\"auto\"}}",
            """
            {"choices":[{"message":{"content":null,"reasoning_content":"Hm é","reasoning_details":[
                {"type":"reasoning.text","text":"Hm é","signature":"sig==","index":0},{"type":"reasoning.encrypted","data":"AA=="}],
              "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},
                "extra_content":{"google":{"thought_signature":"xyz"}}}]},"finish_reason":"tool_calls"}]}\
            """);
    JsonNode output = answer.path("output");
    assertThat(output.at("/0/summary"))
        .isEqualTo(Gateway.json("[{\"type\":\"summary_text\",\"text\":\"Hm é\"}]"));
    assertThat(output.at("/1/type").asText()).isEqualTo("function_call");

    ArrayNode input = ((ArrayNode) output).deepCopy();
    input.addObject().put("type", "function_call_output").put("call_id", "c1").put("output", "x");
    JsonNode again =
        chat("{\"model\":\"m\",\"input\":" + new String(JsonBytes.write(input), UTF_8) + "}");
    assertThat(again.at("/messages/0"))
        .isEqualTo(
            Gateway.json(
                """
                {"role":"assistant","content":null,"reasoning_details":[
                   {"type":"reasoning.text","text":"Hm é","signature":"sig==","index":0},{"type":"reasoning.encrypted","data":"AA=="}],
                 "reasoning_content":"Hm é","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},
                   "extra_content":{"google":{"thought_signature":"xyz"}}}]}\
                """));
  }

  @Test
  void whatAnotherServerEncryptedIsNoLoss() {
    JsonNode chat =
        chat(
            """
            {"model":"m","input":[{"role":"user","content":"a"},
              {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAAABpPDIU"},
              {"role":"assistant","content":"b"}]}\
            """);
    assertThat(chat.at("/messages/1"))
        .isEqualTo(Gateway.json("{\"role\":\"assistant\",\"content\":\"b\"}"));
  }

  @Test
  void whatIsNoCompletionHasNoForm() {
    ChatRequest request = read("{\"model\":\"m\",\"input\":\"Hi\"}");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> api.answer("[1]".getBytes(UTF_8), request));
  }
}
