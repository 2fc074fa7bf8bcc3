package io.iir.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.DocumentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.JsonOutputFormat;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.Metadata;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.ThinkingBlockParam;
import com.anthropic.models.messages.ThinkingConfigAdaptive;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAuto;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlockParam;
import com.fasterxml.jackson.databind.JsonNode;
import io.iir.protocol.WireCall;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes out of a chat request is what Anthropic's own client sends for the same call. */
class AnthropicSdkTest {

  private static final String MODEL = "claude-opus-5";
  private static final String TOOL =
      """
      "tools":[{"type":"function","function":{"name":"get_weather","description":"The weather.",
       "parameters":{"type":"object","properties":{"location":{"type":"string"}},
        "required":["location"]}}}]\
      """;

  private static FakeProvider anthropic;
  private static AnthropicClient client;

  @BeforeAll
  static void start() {
    anthropic = new FakeProvider(AnthropicSdkTest::answer);
    client =
        AnthropicOkHttpClient.builder()
            .baseUrl(anthropic.baseUrl().replaceAll("/v1$", ""))
            .apiKey("sk-ant-test")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    anthropic.close();
  }

  @BeforeEach
  void forget() {
    anthropic.calls().clear();
  }

  private static void answer(FakeProvider.Call call) throws IOException {
    if (Gateway.json(call.body()).path("stream").asBoolean()) {
      call.beginStream();
      call.chunk(recorded("chat.sse"));
      call.endChunks();
    } else {
      call.json(200, recorded("chat.json"));
    }
  }

  private static String recorded(String name) throws IOException {
    try (InputStream in =
        AnthropicSdkTest.class.getResourceAsStream("/protocol/anthropic/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    }
  }

  /** Sends what {@code build} makes by the client, and compares it to {@code translated}. */
  private static void same(WireCall translated, Consumer<MessageCreateParams.Builder> build) {
    MessageCreateParams.Builder builder =
        MessageCreateParams.builder().model(MODEL).maxTokens(1000);
    build.accept(builder);
    client.messages().create(builder.build());
    compare(translated);
  }

  private static void compare(WireCall translated) {
    FakeProvider.Call sent = anthropic.call();
    JsonNode body = Gateway.json(new String(translated.body(), UTF_8));
    assertThat(body).isEqualTo(Gateway.json(sent.body()));
    assertThat("/v1" + translated.path()).isEqualTo(sent.target());
    assertThat(sent.headers().getFirst("Content-Type")).startsWith(translated.contentType());
    assertThat(translated.dropped()).isEmpty();
  }

  private static WireCall chat(String messages, String... more) {
    String[] members = new String[more.length + 1];
    members[0] = "\"max_tokens\":1000";
    System.arraycopy(more, 0, members, 1, more.length);
    return Calls.call(MODEL, messages, members);
  }

  private static Tool weather() {
    return Tool.builder()
        .name("get_weather")
        .description("The weather.")
        .inputSchema(
            Tool.InputSchema.builder()
                .properties(
                    Tool.InputSchema.Properties.builder()
                        .putAdditionalProperty("location", JsonValue.from(Map.of("type", "string")))
                        .build())
                .required(List.of("location"))
                .build())
        .build();
  }

  @Test
  void aChat() {
    same(
        chat(
            """
            [{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},
             {"role":"assistant","content":"Hello."},{"role":"user","content":"Go on"}]\
            """,
            "\"stop\":[\"END\"]",
            "\"user\":\"u-1\""),
        call ->
            call.system("Be brief.")
                .addUserMessage("Hi")
                .addAssistantMessage("Hello.")
                .addUserMessage("Go on")
                .addStopSequence("END")
                .metadata(Metadata.builder().userId("u-1").build()));
  }

  @Test
  void aStream() {
    WireCall translated = chat("[{\"role\":\"user\",\"content\":\"Hi\"}]", "\"stream\":true");
    try (StreamResponse<RawMessageStreamEvent> events =
        client
            .messages()
            .createStreaming(
                MessageCreateParams.builder()
                    .model(MODEL)
                    .maxTokens(1000)
                    .addUserMessage("Hi")
                    .build())) {
      assertThat(events.stream().count()).isPositive();
    }
    compare(translated);
  }

  @Test
  void aSystemPromptThatIsCached() {
    same(
        chat(
            """
            [{"role":"system","content":[{"type":"text","text":"Long.",
              "cache_control":{"type":"ephemeral"}}]},
             {"role":"developer","content":"Short."},{"role":"user","content":"Hi"}]\
            """),
        call ->
            call.systemOfTextBlockParams(
                    List.of(
                        TextBlockParam.builder()
                            .text("Long.")
                            .cacheControl(CacheControlEphemeral.builder().build())
                            .build(),
                        TextBlockParam.builder().text("Short.").build()))
                .addUserMessage("Hi"));
  }

  @Test
  void toolsAndOneCallAtATime() {
    same(
        chat(
            "[{\"role\":\"user\",\"content\":\"Weather?\"}]",
            TOOL,
            "\"parallel_tool_calls\":false"),
        call ->
            call.addUserMessage("Weather?")
                .addTool(weather())
                .toolChoice(ToolChoiceAuto.builder().disableParallelToolUse(true).build()));
  }

  @Test
  void aToolByName() {
    same(
        chat(
            "[{\"role\":\"user\",\"content\":\"Weather?\"}]",
            TOOL,
            "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}"),
        call -> call.addUserMessage("Weather?").addTool(weather()).toolToolChoice("get_weather"));
  }

  @Test
  void callsWithThoughtsAndTheirResults() {
    ToolUseBlockParam.Input input =
        ToolUseBlockParam.Input.builder()
            .putAdditionalProperty("location", JsonValue.from("Rome"))
            .build();
    same(
        chat(
            """
            [{"role":"user","content":"Weather?"},
             {"role":"assistant","content":"I look.","reasoning_details":[
               {"type":"reasoning.text","text":"Hm","signature":"sig","index":0}],
              "tool_calls":[
               {"id":"toolu_1","type":"function","function":{"name":"get_weather",
                "arguments":"{\\"location\\":\\"Rome\\"}"}},
               {"id":"toolu_2","type":"function","function":{"name":"get_weather",
                "arguments":"{\\"location\\":\\"Rome\\"}"}}]},
             {"role":"tool","tool_call_id":"toolu_1","content":"Sun"},
             {"role":"tool","tool_call_id":"toolu_2","content":"Rain"}]\
            """,
            TOOL),
        call ->
            call.addUserMessage("Weather?")
                .addAssistantMessageOfContentBlockParams(
                    List.of(
                        ContentBlockParam.ofThinking(
                            ThinkingBlockParam.builder().thinking("Hm").signature("sig").build()),
                        ContentBlockParam.ofText(TextBlockParam.builder().text("I look.").build()),
                        toolUse("toolu_1", input),
                        toolUse("toolu_2", input)))
                .addUserMessageOfContentBlockParams(
                    List.of(result("toolu_1", "Sun"), result("toolu_2", "Rain")))
                .addTool(weather()));
  }

  private static ContentBlockParam toolUse(String id, ToolUseBlockParam.Input input) {
    return ContentBlockParam.ofToolUse(
        ToolUseBlockParam.builder().id(id).name("get_weather").input(input).build());
  }

  private static ContentBlockParam result(String id, String content) {
    return ContentBlockParam.ofToolResult(
        ToolResultBlockParam.builder().toolUseId(id).content(content).build());
  }

  @Test
  void imagesAndAFile() {
    same(
        chat(
            """
            [{"role":"user","content":[{"type":"text","text":"What are these?"},
              {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}},
              {"type":"file","file":{"filename":"a.pdf",
               "file_data":"data:application/pdf;base64,QUJD"}}]}]\
            """),
        call ->
            call.addUserMessageOfContentBlockParams(
                List.of(
                    ContentBlockParam.ofText(
                        TextBlockParam.builder().text("What are these?").build()),
                    ContentBlockParam.ofImage(
                        ImageBlockParam.builder().urlSource("https://example.com/a.png").build()),
                    ContentBlockParam.ofImage(
                        ImageBlockParam.builder()
                            .source(
                                Base64ImageSource.builder()
                                    .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                                    .data("QUJD")
                                    .build())
                            .build()),
                    ContentBlockParam.ofDocument(
                        DocumentBlockParam.builder()
                            .base64Source("QUJD")
                            .title("a.pdf")
                            .build()))));
  }

  @Test
  void aSchemaAndThinking() {
    same(
        chat(
            "[{\"role\":\"user\",\"content\":\"Ann is 7.\"}]",
            "\"reasoning_effort\":\"xhigh\"",
            """
            "response_format":{"type":"json_schema","json_schema":{"name":"p","schema":
             {"type":"object","properties":{"age":{"type":"integer"}}}}}\
            """),
        call ->
            call.addUserMessage("Ann is 7.")
                .thinking(
                    ThinkingConfigAdaptive.builder()
                        .display(ThinkingConfigAdaptive.Display.SUMMARIZED)
                        .build())
                .outputConfig(
                    OutputConfig.builder()
                        .effort(OutputConfig.Effort.XHIGH)
                        .format(
                            JsonOutputFormat.builder()
                                .schema(
                                    JsonOutputFormat.Schema.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .putAdditionalProperty(
                                            "properties",
                                            JsonValue.from(
                                                Map.of("age", Map.of("type", "integer"))))
                                        .putAdditionalProperty(
                                            "additionalProperties", JsonValue.from(false))
                                        .build())
                                .build())
                        .build()));
  }

  @Test
  void aLaterSystemMessage() {
    same(
        chat(
            """
            [{"role":"user","content":"Hi"},{"role":"system","content":"Now in French."}]\
            """),
        call -> call.addUserMessage("Hi").addSystemMessage("Now in French."));
  }
}
