package io.iir.protocol.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.Content;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionCallingConfig;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.Part;
import com.google.genai.types.SafetySetting;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import com.google.genai.types.ToolConfig;
import io.iir.protocol.WireCall;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the protocol sends is what Google's own client sends for the same call. */
class SdkEqualityTest {

  private static final String FLASH = "gemini-2.5-flash";
  private static final String THIRD = "gemini-3-flash-preview";
  private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
  private static final GenerateContentConfig NONE = GenerateContentConfig.builder().build();
  private static final Map<String, Object> SCHEMA =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("location", Map.of("type", "string")),
          "required",
          List.of("location"),
          "additionalProperties",
          false);
  private static final String SCHEMA_JSON =
      """
      {"type":"object","properties":{"location":{"type":"string"}},"required":["location"],\
      "additionalProperties":false}\
      """;

  private final FakeProvider google = new FakeProvider(SdkEqualityTest::answer);

  @AfterEach
  void close() throws IOException {
    google.close();
  }

  private static void answer(FakeProvider.Call call) throws IOException {
    if (call.target().contains("stream")) {
      call.beginStream();
      call.chunk(file("chat.sse"));
      call.endChunks();
    } else {
      call.json(200, file(call.target().contains("mbed") ? "embeddings.json" : "chat.json"));
    }
  }

  private static String file(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            SdkEqualityTest.class.getResourceAsStream("/protocol/gemini/" + name))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** What Google's client sends. */
  private FakeProvider.Call sent(Consumer<Client> use) {
    try (Client client =
        Client.builder()
            .apiKey("key")
            .httpOptions(HttpOptions.builder().baseUrl(root()).apiVersion("v1beta").build())
            .build()) {
      use.accept(client);
    }
    return google.call();
  }

  private String root() {
    return google.baseUrl().replace("/v1", "");
  }

  private void same(Consumer<Client> use, String model, String members) {
    FakeProvider.Call theirs = sent(use);
    same(theirs, "/v1beta", Calls.chat(model, members));
  }

  private static void same(FakeProvider.Call theirs, String base, WireCall ours) {
    ObjectNode theirBody = (ObjectNode) Gateway.json(theirs.body());
    if (theirBody.path("generationConfig").isEmpty()) {
      theirBody.remove("generationConfig"); // an empty one says nothing
    }
    assertThat(theirs.target()).isEqualTo(base + ours.path());
    assertThat(Calls.json(ours).equals(BY_VALUE, theirBody))
        .as("ours: %s%ntheirs: %s", Calls.json(ours), theirBody)
        .isTrue();
  }

  /** Numbers are equal if their values are; their client has 40.0 where 40 was said. */
  private static final Comparator<JsonNode> BY_VALUE =
      (a, b) ->
          a.equals(b) || (a.isNumber() && b.isNumber() && a.floatValue() == b.floatValue()) ? 0 : 1;

  private static Content said(String role, Part... parts) {
    return Content.builder().role(role).parts(parts).build();
  }

  private static void ask(Client client, String model, GenerateContentConfig config) {
    client.models.generateContent(model, said("user", Part.fromText("Hello")), config);
  }

  @Test
  void chats() {
    same(client -> client.models.generateContent(FLASH, "Hello", NONE), FLASH, HELLO);
  }

  @Test
  void streams() {
    same(
        client -> {
          try (ResponseStream<GenerateContentResponse> stream =
              client.models.generateContentStream(FLASH, "Hello", NONE)) {
            stream.forEach(piece -> assertThat(piece.modelVersion()).isPresent());
          }
        },
        FLASH,
        HELLO + ",\"stream\":true");
  }

  @Test
  void talksOnWithASystem() {
    same(
        client ->
            client.models.generateContent(
                FLASH,
                List.of(
                    said("user", Part.fromText("Hello")),
                    said("model", Part.fromText("Hi.")),
                    said("user", Part.fromText("What now?"))),
                GenerateContentConfig.builder()
                    .systemInstruction(Content.builder().parts(Part.fromText("Be brief.")).build())
                    .build()),
        FLASH,
        """
        "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"},
        {"role":"assistant","content":"Hi."},{"role":"user","content":"What now?"}]\
        """);
  }

  @Test
  void setsHowTheAnswerIsToBe() {
    same(
        client ->
            ask(
                client,
                FLASH,
                GenerateContentConfig.builder()
                    .temperature(0.5f)
                    .topP(0.25f)
                    .topK(40f)
                    .candidateCount(2)
                    .maxOutputTokens(100)
                    .stopSequences("END", "STOP")
                    .seed(7)
                    .presencePenalty(0.5f)
                    .frequencyPenalty(-0.5f)
                    .responseLogprobs(true)
                    .logprobs(3)
                    .safetySettings(
                        SafetySetting.builder()
                            .category("HARM_CATEGORY_HARASSMENT")
                            .threshold("BLOCK_ONLY_HIGH")
                            .build())
                    .build()),
        FLASH,
        HELLO
            + """
            ,"temperature":0.5,"top_p":0.25,"top_k":40,"n":2,"max_completion_tokens":100,
            "stop":["END","STOP"],"seed":7,"presence_penalty":0.5,"frequency_penalty":-0.5,
            "logprobs":true,"top_logprobs":3,"safety_settings":[{"category":
            "HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_ONLY_HIGH"}]\
            """);
  }

  @Test
  void thinksInLevels() {
    same(
        client ->
            ask(
                client,
                THIRD,
                GenerateContentConfig.builder()
                    .thinkingConfig(
                        ThinkingConfig.builder().thinkingLevel("LOW").includeThoughts(true).build())
                    .build()),
        THIRD,
        HELLO + ",\"reasoning_effort\":\"low\"");
  }

  @Test
  void thinksInTokens() {
    same(
        client ->
            ask(
                client,
                FLASH,
                GenerateContentConfig.builder()
                    .thinkingConfig(
                        ThinkingConfig.builder().thinkingBudget(8192).includeThoughts(true).build())
                    .build()),
        FLASH,
        HELLO + ",\"reasoning_effort\":\"medium\"");
  }

  @Test
  void wantsJsonByASchema() {
    same(
        client ->
            ask(
                client,
                FLASH,
                GenerateContentConfig.builder()
                    .responseMimeType("application/json")
                    .responseJsonSchema(SCHEMA)
                    .build()),
        FLASH,
        HELLO
            + ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":%s}}"
                .formatted(SCHEMA_JSON));
  }

  @Test
  void showsImages() {
    same(
        client ->
            client.models.generateContent(
                FLASH,
                said(
                    "user",
                    Part.fromText("What is this?"),
                    Part.fromBytes(new byte[] {1, 2, -3}, "image/png"),
                    Part.fromUri("https://example.com/ant.png", "image/png")),
                NONE),
        FLASH,
        """
        "messages":[{"role":"user","content":[{"type":"text","text":"What is this?"},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AQL9"}},
        {"type":"image_url","image_url":{"url":"https://example.com/ant.png"}}]}]\
        """);
  }

  private static Tool tool() {
    return Tool.builder()
        .functionDeclarations(
            FunctionDeclaration.builder()
                .name("get_weather")
                .description("The weather at a place.")
                .parametersJsonSchema(SCHEMA)
                .build())
        .build();
  }

  private static final String TOOL =
      """
      ,"tools":[{"type":"function","function":{"name":"get_weather",\
      "description":"The weather at a place.","parameters":%s}}]\
      """
          .formatted(SCHEMA_JSON);

  @Test
  void declaresTools() {
    same(
        client ->
            ask(
                client,
                FLASH,
                GenerateContentConfig.builder()
                    .tools(tool())
                    .toolConfig(
                        ToolConfig.builder()
                            .functionCallingConfig(
                                FunctionCallingConfig.builder()
                                    .mode("ANY")
                                    .allowedFunctionNames("get_weather")))
                    .build()),
        FLASH,
        HELLO
            + TOOL
            + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}");
  }

  @Test
  void tellsWhatToolsAnswered() {
    byte[] signature = {9, 8, 7};
    same(
        client ->
            client.models.generateContent(
                THIRD,
                List.of(
                    said("user", Part.fromText("Hello")),
                    said(
                        "model",
                        Part.builder()
                            .functionCall(
                                FunctionCall.builder()
                                    .id("a1")
                                    .name("get_weather")
                                    .args(Map.of("location", "Rome")))
                            .thoughtSignature(signature)
                            .build(),
                        Part.builder()
                            .functionCall(
                                FunctionCall.builder()
                                    .id("a2")
                                    .name("get_weather")
                                    .args(Map.of("location", "Oslo")))
                            .build()),
                    said("user", result("a1", 21), result("a2", 4))),
                GenerateContentConfig.builder().tools(tool()).build()),
        THIRD,
        """
        "messages":[{"role":"user","content":"Hello"},{"role":"assistant","tool_calls":[
        {"id":"a1","type":"function","function":{"name":"get_weather",
         "arguments":"{\\"location\\":\\"Rome\\"}"},
         "extra_content":{"google":{"thought_signature":"%s"}}},
        {"id":"a2","type":"function","function":{"name":"get_weather",
         "arguments":"{\\"location\\":\\"Oslo\\"}"}}]},
        {"role":"tool","tool_call_id":"a1","content":"{\\"celsius\\":21}"},
        {"role":"tool","tool_call_id":"a2","content":"{\\"celsius\\":4}"}]\
        """
                .formatted(Base64.getEncoder().encodeToString(signature))
            + TOOL);
  }

  private static Part result(String id, int celsius) {
    return Part.builder()
        .functionResponse(
            FunctionResponse.builder()
                .id(id)
                .name("get_weather")
                .response(Map.of("celsius", celsius)))
        .build();
  }

  @Test
  void embeds() {
    FakeProvider.Call theirs =
        sent(client ->
            client.models.embedContent(
                "gemini-embedding-001",
                List.of("a", "b"),
                EmbedContentConfig.builder()
                    .outputDimensionality(2)
                    .taskType("RETRIEVAL_QUERY")
                    .build()));

    WireCall ours =
        Calls.embeddings(
            "gemini-embedding-001",
            Calls.GEMINI,
            "\"input\":[\"a\",\"b\"],\"dimensions\":2,\"task_type\":\"RETRIEVAL_QUERY\"");
    same(theirs, "/v1beta", ours);
  }

  @Test
  void chatsAndEmbedsAtVertex() {
    AccessToken token = new AccessToken("token", Date.from(Instant.parse("2100-01-01T00:00:00Z")));
    try (Client client =
        Client.builder()
            .vertexAI(true)
            .project("p")
            .location("global")
            .credentials(GoogleCredentials.create(token))
            .httpOptions(HttpOptions.builder().baseUrl(root()).apiVersion("v1").build())
            .build()) {
      client.models.generateContent(FLASH, "Hello", NONE);
      client.models.embedContent(
          "gemini-embedding-001",
          "a",
          EmbedContentConfig.builder().outputDimensionality(2).build());
    }

    String base = "/v1/projects/p/locations/global/publishers/google";
    same(google.calls().get(0), base, Calls.chat(FLASH, root() + base, HELLO));
    same(
        google.calls().get(1),
        base,
        Calls.embeddings(
            "gemini-embedding-001", root() + base, "\"input\":\"a\",\"dimensions\":2"));
  }
}
