package io.iir.protocol.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.protocol.WireCall;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointType;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentFormat;
import software.amazon.awssdk.services.bedrockruntime.model.ImageFormat;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.OutputFormatType;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;

/** What is sent must be what AWS's own SDK sends for the same call. */
class ConverseSdkTest {

  private static final String MODEL = "us.anthropic.claude-3-5-haiku-20241022-v1:0";
  private static final String ANSWER =
      """
      {"output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},"stopReason":"end_turn",\
      "usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"metrics":{"latencyMs":1}}\
      """;

  @SuppressWarnings("NullAway.Init") // set before each
  private FakeProvider fake;

  @SuppressWarnings("NullAway.Init") // set before each
  private BedrockRuntimeAsyncClient client;

  @BeforeEach
  void start() {
    fake = new FakeProvider(call -> call.json(200, ANSWER));
    client =
        BedrockRuntimeAsyncClient.builder()
            .endpointOverride(URI.create(fake.baseUrl().replace("/v1", "")))
            .region(Region.US_EAST_1)
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .protocol(software.amazon.awssdk.http.Protocol.HTTP1_1))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    fake.close();
  }

  private void same(String chat, Consumer<ConverseRequest.Builder> request) throws Exception {
    client
        .converse(builder -> {
          builder.modelId(MODEL);
          request.accept(builder);
        })
        .get(30, TimeUnit.SECONDS);
    FakeProvider.Call sdk = fake.calls().getLast();
    WireCall ours = Calls.of(MODEL, chat);
    JsonNode theirs = Gateway.json(sdk.body());
    assertThat(Gateway.json(new String(ours.body(), UTF_8))).isEqualTo(theirs);
    assertThat(ours.path()).isEqualTo(sdk.target());
    assertThat(ours.contentType()).isEqualTo(sdk.headers().getFirst("Content-Type"));
    assertThat(ConverseRules.fault(theirs)).isNull();
  }

  private static Message user(ContentBlock... blocks) {
    return Message.builder().role(ConversationRole.USER).content(blocks).build();
  }

  private static Message assistant(ContentBlock... blocks) {
    return Message.builder().role(ConversationRole.ASSISTANT).content(blocks).build();
  }

  @Test
  void chats() throws Exception {
    same(
        """
        "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},
          {"role":"assistant","content":"Yes?"},{"role":"user","content":[{"type":"text","text":"Go."}]}],
        "max_completion_tokens":100,"temperature":0.5,"top_p":0.25,"stop":["END"],"top_k":5,
        "service_tier":"flex"\
        """,
        builder ->
            builder
                .system(SystemContentBlock.fromText("Be brief."))
                .messages(
                    user(ContentBlock.fromText("Hi")),
                    assistant(ContentBlock.fromText("Yes?")),
                    user(ContentBlock.fromText("Go.")))
                .inferenceConfig(config ->
                    config.maxTokens(100).temperature(0.5f).topP(0.25f).stopSequences("END"))
                .serviceTier(tier -> tier.type("flex"))
                .additionalModelRequestFields(
                    Document.fromMap(Map.of("top_k", Document.fromNumber(5)))));
  }

  @Test
  void usesTools() throws Exception {
    Document schema =
        Document.fromMap(
            Map.of(
                "type",
                Document.fromString("object"),
                "properties",
                Document.fromMap(
                    Map.of(
                        "at", Document.fromMap(Map.of("type", Document.fromString("string")))))));
    same(
        """
        "messages":[{"role":"user","content":"Weather?"},
          {"role":"assistant","content":null,"tool_calls":[
            {"id":"t1","type":"function","function":{"name":"w","arguments":"{\\"at\\":\\"Rome\\"}"}},
            {"id":"t2","type":"function","function":{"name":"w","arguments":""}}]},
          {"role":"tool","tool_call_id":"t1","content":"21"},
          {"role":"tool","tool_call_id":"t2","content":[{"type":"text","text":"none"}]},
          {"role":"user","content":"So?"}],
        "tools":[{"type":"function","function":{"name":"w","description":"Weather","strict":true,
          "parameters":{"type":"object","properties":{"at":{"type":"string"}}}}}],
        "tool_choice":{"type":"function","function":{"name":"w"}}\
        """,
        builder ->
            builder
                .messages(
                    user(ContentBlock.fromText("Weather?")),
                    assistant(
                        ContentBlock.fromToolUse(use ->
                            use.toolUseId("t1")
                                .name("w")
                                .input(
                                    Document.fromMap(Map.of("at", Document.fromString("Rome"))))),
                        ContentBlock.fromToolUse(use ->
                            use.toolUseId("t2").name("w").input(Document.fromMap(Map.of())))),
                    user(
                        ContentBlock.fromToolResult(result ->
                            result.toolUseId("t1").content(ToolResultContentBlock.fromText("21"))),
                        ContentBlock.fromToolResult(result ->
                            result
                                .toolUseId("t2")
                                .content(ToolResultContentBlock.fromText("none"))),
                        ContentBlock.fromText("So?")))
                .toolConfig(config ->
                    config
                        .tools(
                            Tool.fromToolSpec(spec ->
                                spec.name("w")
                                    .description("Weather")
                                    .strict(true)
                                    .inputSchema(in -> in.json(schema))))
                        .toolChoice(choice -> choice.tool(tool -> tool.name("w")))));
  }

  @Test
  void showsImagesAndDocuments() throws Exception {
    byte[] bytes = {1, 2, 3};
    same(
        """
        "messages":[{"role":"user","content":[{"type":"text","text":"What?"},
          {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AQID"}},
          {"type":"file","file":{"filename":"a report_1.pdf","file_data":"data:application/pdf;base64,AQID"}},
          {"type":"text","text":"Say.","cache_control":{"type":"ephemeral"}}]}]\
        """,
        builder ->
            builder.messages(
                user(
                    ContentBlock.fromText("What?"),
                    ContentBlock.fromImage(image ->
                        image
                            .format(ImageFormat.JPEG)
                            .source(source -> source.bytes(SdkBytes.fromByteArray(bytes)))),
                    ContentBlock.fromDocument(document ->
                        document
                            .format(DocumentFormat.PDF)
                            .name("a report-1")
                            .source(source -> source.bytes(SdkBytes.fromByteArray(bytes)))),
                    ContentBlock.fromText("Say."),
                    ContentBlock.fromCachePoint(point -> point.type(CachePointType.DEFAULT)))));
  }

  @Test
  void wantsASchema() throws Exception {
    same(
        """
        "messages":[{"role":"user","content":"Who?"}],
        "response_format":{"type":"json_schema","json_schema":{"name":"p","description":"d",
          "schema":{"type":"object"}}}\
        """,
        builder ->
            builder
                .messages(user(ContentBlock.fromText("Who?")))
                .outputConfig(output ->
                    output.textFormat(format ->
                        format
                            .type(OutputFormatType.JSON_SCHEMA)
                            .structure(structure ->
                                structure.jsonSchema(schema ->
                                    schema
                                        .schema(
                                            "{\"type\":\"object\",\"additionalProperties\":false}")
                                        .name("p")
                                        .description("d"))))));
  }

  @Test
  void givesThoughtsBack() throws Exception {
    same(
        """
        "messages":[{"role":"user","content":"Think."},
          {"role":"assistant","content":"Done.","reasoning_details":[
            {"type":"reasoning.text","text":"Hm","format":"anthropic-claude-v1","index":0},
            {"type":"reasoning.text","signature":"c2ln","format":"anthropic-claude-v1","index":0},
            {"type":"reasoning.encrypted","data":"AQID","format":"amazon-bedrock-v1","index":1},
            {"type":"reasoning.text","text":"unsigned","index":2}]},
          {"role":"user","content":"On."}]\
        """,
        builder ->
            builder.messages(
                user(ContentBlock.fromText("Think.")),
                assistant(
                    ContentBlock.fromReasoningContent(thought ->
                        thought.reasoningText(text -> text.text("Hm").signature("c2ln"))),
                    ContentBlock.fromReasoningContent(thought ->
                        thought.redactedContent(SdkBytes.fromByteArray(new byte[] {1, 2, 3}))),
                    ContentBlock.fromText("Done.")),
                user(ContentBlock.fromText("On."))));
  }

  @Test
  void aModelsArnIsEncodedAsTheSdkDoes() throws Exception {
    String arn = "arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0";
    client
        .converse(builder -> builder.modelId(arn).messages(user(ContentBlock.fromText("Hi"))))
        .get(30, TimeUnit.SECONDS);
    WireCall ours = Calls.of(arn, "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]");
    assertThat(ours.path()).isEqualTo(Objects.requireNonNull(fake.calls().getLast()).target());
  }
}
