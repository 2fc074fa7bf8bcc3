package io.iir.api.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.testing.Gateway;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a request of the Messages API for a server of OpenAI's protocol. */
class RequestReaderTest {

  private final RequestReader reader = new RequestReader("messages", UnaryOperator.identity());

  private ChatRequest read(String json) {
    return reader.read(json.getBytes(StandardCharsets.UTF_8));
  }

  /** A request with these fields besides the least that one must have. */
  private ChatRequest with(String fields) {
    return read(
        "{\"model\":\"p/m\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],%s}"
            .formatted(fields));
  }

  private ChatRequest turns(String turns) {
    return read("{\"model\":\"p/m\",\"max_tokens\":100,\"messages\":[%s]}".formatted(turns));
  }

  /** What a server of OpenAI's protocol gets. */
  private static JsonNode strict(ChatRequest request) {
    return Gateway.json(
        new String(request.strict().request().forUpstream("m"), StandardCharsets.UTF_8));
  }

  /** What translators of other protocols get. */
  private static JsonNode extended(ChatRequest request) {
    return Gateway.json(new String(request.body(), StandardCharsets.UTF_8));
  }

  private static JsonNode json(String text) {
    return Gateway.json(text.replace('\'', '"'));
  }

  @Test
  void readsTheLeastRequest() {
    ChatRequest request = turns("{\"role\":\"user\",\"content\":\"Hi\"}");

    assertThat(strict(request))
        .isEqualTo(
            json("{'model':'m','messages':[{'role':'user','content':'Hi'}],'max_tokens':100}"));
    assertThat(request.model()).isEqualTo("p/m");
    assertThat(request.maxTokens()).isEqualTo(100);
    assertThat(request.text()).isEqualTo("Hi");
  }

  @Test
  void keepsWhatTheClientSent() {
    String sent =
        "{ \"model\":\"p/m\", \"max_tokens\":1,"
            + " \"messages\":[{\"role\":\"user\",\"content\":\"é\"}], \"x\": 1.50 }";

    ChatRequest.Original original = original(read(sent));

    assertThat(original.api()).isEqualTo("messages");
    assertThat(original.body()).asString(StandardCharsets.UTF_8).isEqualTo(sent);
    assertThat(original.elsewhere()).isNull();
  }

  @Test
  void putsTheSystemPromptFirst() {
    assertThat(strict(with("\"system\":\"Be brief.\"")).path("messages").get(0))
        .isEqualTo(json("{'role':'system','content':'Be brief.'}"));
  }

  @Test
  void keepsCacheMarksForThoseWhoKnowThem() {
    ChatRequest request =
        with(
            """
            "system":[{"type":"text","text":"One."},
              {"type":"text","text":"Two.","cache_control":{"type":"ephemeral"}}],
            "tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}]\
            """);

    assertThat(extended(request).at("/messages/0/content/1/cache_control/type").asText())
        .isEqualTo("ephemeral");
    assertThat(extended(request).at("/tools/0/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(strict(request).at("/messages/0/content").asText()).isEqualTo("One.\nTwo.");
    assertThat(strict(request).toString()).doesNotContain("cache_control");
  }

  @Test
  void showsImagesAndDocuments() {
    ChatRequest request =
        turns(
            """
            {"role":"user","content":[{"type":"text","text":"Look"},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}},
              {"type":"image","source":{"type":"url","url":"https://example.org/a.jpg"}},
              {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}},
              {"type":"document","title":"Notes","source":{"type":"text","media_type":"text/plain","data":"x = 1"}},
              {"type":"search_result","title":"T","source":"https://s","content":[{"type":"text","text":"found"}]}]}\
            """);

    assertThat(strict(request).at("/messages/0/content"))
        .isEqualTo(
            json(
                """
                [{'type':'text','text':'Look'},
                 {'type':'image_url','image_url':{'url':'data:image/png;base64,iVBO'}},
                 {'type':'image_url','image_url':{'url':'https://example.org/a.jpg'}},
                 {'type':'file','file':{'filename':'a.pdf','file_data':'data:application/pdf;base64,JVBE'}},
                 {'type':'text','text':'Notes\\nx = 1'},
                 {'type':'text','text':'T (https://s)\\nfound'}]\
                """));
    assertThat(request.hasImages()).isTrue();
  }

  @Test
  void carriesAToolRound() {
    ChatRequest request =
        turns(
            """
            {"role":"user","content":"Weather?"},
            {"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"c2ln"},
              {"type":"redacted_thinking","data":"ZW5j"},
              {"type":"text","text":"Let me see."},
              {"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Zürich","n":1.50}},
              {"type":"tool_use","id":"toolu_2","name":"time","input":{}}]},
            {"role":"user","content":[
              {"type":"tool_result","tool_use_id":"toolu_1","content":"sunny"},
              {"type":"tool_result","tool_use_id":"toolu_2","is_error":true,"content":[{"type":"text","text":"no"},
                {"type":"image","source":{"type":"url","url":"https://e/x.png"}}]},
              {"type":"text","text":"And?"}]}\
            """);

    assertThat(strict(request).path("messages"))
        .isEqualTo(
            json(
                """
                [{'role':'user','content':'Weather?'},
                 {'role':'assistant','content':'Let me see.','tool_calls':[
                   {'id':'toolu_1','type':'function','function':{'name':'weather','arguments':'{\\'city\\':\\'Zürich\\',\\'n\\':1.50}'}},
                   {'id':'toolu_2','type':'function','function':{'name':'time','arguments':'{}'}}]},
                 {'role':'tool','tool_call_id':'toolu_1','content':'sunny'},
                 {'role':'tool','tool_call_id':'toolu_2','content':'no'},
                 {'role':'user','content':[{'type':'image_url','image_url':{'url':'https://e/x.png'}},
                   {'type':'text','text':'And?'}]}]\
                """
                    .replace("\\'", "\\\"")));
    assertThat(extended(request).at("/messages/1/reasoning_details"))
        .isEqualTo(
            json(
                """
                [{'type':'reasoning.text','text':'Hm','signature':'c2ln','index':0},
                 {'type':'reasoning.encrypted','data':'ZW5j'}]\
                """));
  }

  @Test
  void keepsWhatOtherProvidersWantBackAwayFromAnthropic() {
    ChatRequest request =
        turns(
            """
            {"role":"user","content":"Hi"},
            {"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":""}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{},
              "extra_content":{"google":{"thought_signature":"c2ln"}}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}\
            """);

    assertThat(
            extended(request)
                .at("/messages/2/tool_calls/0/extra_content/google/thought_signature")
                .asText())
        .isEqualTo("c2ln");
    assertThat(new String(original(request).body(), StandardCharsets.UTF_8))
        .doesNotContain("thinking", "extra_content")
        .contains("\"tool_use\"", "\"tool_result\"");
    assertThat(strict(request).at("/messages/3"))
        .isEqualTo(json("{'role':'tool','tool_call_id':'t','content':''}"));
  }

  @Test
  void carriesTools() {
    JsonNode out =
        strict(
            with(
                """
                "tools":[{"name":"f","description":"does","input_schema":{"type":"object","properties":{}},"strict":true},
                  {"type":"custom","name":"g","input_schema":{"type":"object"},"defer_loading":true},
                  {"type":"tool_search_tool_regex_20251119","name":"tool_search_tool_regex"}],
                "tool_choice":{"type":"any","disable_parallel_tool_use":true}\
                """));

    assertThat(out.path("tools"))
        .isEqualTo(
            json(
                """
                [{'type':'function','function':{'name':'f','description':'does','parameters':{'type':'object','properties':{}},'strict':true}},
                 {'type':'function','function':{'name':'g','parameters':{'type':'object'}}}]\
                """));
    assertThat(out.path("tool_choice").asText()).isEqualTo("required");
    assertThat(out.path("parallel_tool_calls").asText()).isEqualTo("false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'type':'auto'};'auto'",
        "{'type':'any'};'required'",
        "{'type':'none'};'none'",
        "{'type':'tool','name':'f'};{'type':'function','function':{'name':'f'}}"
      },
      quoteCharacter = '`')
  void carriesTheChoiceOfTools(String choice, String expected) {
    String fields = "'tools':[{'name':'f','input_schema':{}}],'tool_choice':" + choice;

    assertThat(strict(with(fields.replace('\'', '"'))).path("tool_choice"))
        .isEqualTo(json(expected));
  }

  @Test
  void carriesSettings() {
    ChatRequest request =
        with(
            """
            "temperature":0.70,"top_p":0.9,"top_k":40,"stop_sequences":["END"],"stream":true,
            "metadata":{"user_id":"u-1"},"service_tier":"auto","output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}\
            """);
    JsonNode out = strict(request);

    assertThat(out.path("temperature").asDouble()).isEqualTo(0.7);
    assertThat(out.path("top_p").asDouble()).isEqualTo(0.9);
    assertThat(out.has("top_k")).isFalse();
    assertThat(extended(request).path("top_k").asInt()).isEqualTo(40);
    assertThat(out.path("stop")).isEqualTo(json("['END']"));
    assertThat(out.path("user").asText()).isEqualTo("u-1");
    assertThat(out.path("stream_options")).isEqualTo(json("{'include_usage':true}"));
    assertThat(out.path("response_format"))
        .isEqualTo(
            json(
                "{'type':'json_schema','json_schema':{'name':'answer','strict':false,'schema':{'type':'object'}}}"));
    assertThat(out.has("service_tier")).isFalse();
    assertThat(request.stream()).isTrue();
    assertThat(request.includeUsage()).isTrue();
  }

  @Test
  void shortensAUserThatOpenAiWouldRefuse() {
    String user = "user_" + "a".repeat(64) + "_account__session_1";

    assertThat(strict(with("\"metadata\":{\"user_id\":\"" + user + "\"}")).path("user").asText())
        .hasSize(64)
        .isEqualTo(
            strict(with("\"metadata\":{\"user_id\":\"" + user + "\"}")).path("user").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'thinking':{'type':'enabled','budget_tokens':1024};low",
        "'thinking':{'type':'enabled','budget_tokens':4096};medium",
        "'thinking':{'type':'enabled','budget_tokens':16384};high",
        "'thinking':{'type':'adaptive'},'output_config':{'effort':'medium'};medium",
        "'thinking':{'type':'adaptive'};",
        "'output_config':{'effort':'max'};high",
        "'thinking':{'type':'disabled'},'output_config':{'effort':'high'};"
      },
      quoteCharacter = '`')
  void thinksAsHardAsAsked(String fields, String effort) {
    assertThat(strict(with(fields.replace('\'', '"'))).path("reasoning_effort").asText(null))
        .isEqualTo(effort);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'tools':[{'type':'web_search_20250305','name':'web_search'}];tools[0].type",
        "'mcp_servers':[{'type':'url','url':'https://m','name':'m'}];mcp_servers",
        "'system':[{'type':'image','source':{'type':'file','file_id':'f'}}];system[0].source.type"
      },
      quoteCharacter = '`')
  void refusesForOthersWhatOnlyAnthropicCanDo(String fields, String param) {
    ChatRequest request = with(fields.replace('\'', '"'));

    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> {
          throw Objects.requireNonNull(original(request).elsewhere());
        })
        .satisfies(e -> assertThat(e.error().param()).isEqualTo(param))
        .withMessageContaining(param)
        .withMessageContaining("Anthropic");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'max_tokens':1,'messages':[{'role':'user','content':'Hi'}]};model",
        "{'model':'m','messages':[{'role':'user','content':'Hi'}]};max_tokens",
        "{'model':'m','max_tokens':0,'messages':[{'role':'user','content':'Hi'}]};max_tokens",
        "{'model':'m','max_tokens':1};messages",
        "{'model':'m','max_tokens':1,'messages':[]};messages",
        "{'model':'m','max_tokens':1,'messages':{}};messages",
        "{'model':'m','max_tokens':1,'messages':['Hi']};messages[0]",
        "{'model':'m','max_tokens':1,'messages':[{'role':'tool','content':'Hi'}]};messages[0].role",
        "{'model':'m','max_tokens':1,'messages':[{'role':'user'}]};messages[0].content",
        "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':7}]};messages[0].content",
        "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':['x']}]};messages[0].content[0]",
        "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':[{'type':'text'}]}]};messages[0].content[0].text",
        "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':[{'type':'image'}]}]};messages[0].content[0].source",
        "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':'Hi'}],'tools':[{'name':'f'}]};tools[0].input_schema",
        "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':'Hi'}],'stream':1};stream"
      },
      quoteCharacter = '`')
  void namesTheFieldThatIsWrong(String body, String param) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> read(body.replace('\'', '"')))
        .satisfies(e -> {
          assertThat(e.error().status()).isEqualTo(400);
          assertThat(e.error().param()).isEqualTo(param);
        })
        .withMessageStartingWith("'" + param + "' ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"{;ends in the middle", "[];object", "{} {};object", "'';JSON"},
      quoteCharacter = '`')
  void refusesWhatIsNoJsonObject(String body, String said) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> read(body))
        .satisfies(e -> assertThat(e.error().code()).isEqualTo("invalid_json"))
        .withMessageContaining(said);
  }

  @Test
  void countsWithoutALimit() {
    ChatRequest request =
        reader.readToCount(
            "{\"model\":\"p/m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}"
                .getBytes(StandardCharsets.UTF_8));

    assertThat(request.promptTokens()).isBetween(2, 20);
  }

  @Test
  void namesWhatItLeavesOut() {
    ChatRequest request = with("\"service_tier\":\"auto\",\"top_k\":5,\"novelty\":{}");
    assertThat(original(request).leftOut()).containsExactlyInAnyOrder("service_tier", "novelty");
    assertThat(request.strict().leftOut()).containsExactly("top_k");
  }

  private static ChatRequest.Original original(ChatRequest request) {
    return Objects.requireNonNull(request.original());
  }
}
