package io.iir.protocol.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.iir.protocol.kit.ProtocolFake.Feature;
import io.iir.protocol.kit.ProtocolFake.Form;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a client of OpenAI's API gets through a whole gateway, whatever protocol the provider
 * speaks: each protocol has a subclass, with a fake that answers what was recorded.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class CompatibilityKit {

  /** Far above the contract of a second, so that no slow machine makes a test fail. */
  private static final long PATIENCE_SECONDS = 30;

  /** A PNG of one red pixel. */
  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

  private static final String WEATHER =
      """
      {"type":"function","function":{"name":"get_weather","description":"The weather at a place.",\
      "parameters":{"type":"object","properties":{"location":{"type":"string"}},\
      "required":["location"]}}}\
      """;

  private static final String SCHEMA =
      """
      {"type":"json_schema","json_schema":{"name":"person","strict":true,"schema":\
      {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},\
      "required":["name","age"],"additionalProperties":false}}}\
      """;

  /** No answer is an earlier one, and failures that are played close nothing for the next test. */
  private static final String[] SETTINGS = {
    "iir.cache.enabled=false", "iir.breaker.minimum-calls=10000"
  };

  private static final ObjectMapper JSON = new ObjectMapper();

  @SuppressWarnings("NullAway.Init") // set before all
  private ProtocolFake fake;

  @SuppressWarnings("NullAway.Init") // set before all
  private Gateway gateway;

  @SuppressWarnings("NullAway.Init") // set before all
  private OpenAIClient client;

  /** A provider that speaks the protocol. */
  protected abstract ProtocolFake newFake();

  /** The provider. */
  protected final ProtocolFake fake() {
    return fake;
  }

  /** The gateway before it. */
  protected final Gateway gateway() {
    return gateway;
  }

  /** A request for the fake's model with {@code messages}, an array, and {@code more} members. */
  protected final ObjectNode request(String messages, String... more) {
    ObjectNode request = JSON.createObjectNode();
    request.put("model", "kit/" + fake.model());
    request.set("messages", Gateway.json(messages));
    for (int i = 0; i < more.length; i += 2) {
      request.set(more[i], Gateway.json(more[i + 1]));
    }
    return request;
  }

  /** What the client gets of {@code request}, which is made one for {@code form}. */
  protected final Seen send(ObjectNode request, Form form) {
    if (form == Form.STREAM) {
      request.put("stream", true);
      request.putObject("stream_options").put("include_usage", true);
    }
    HttpResponse<String> answer = gateway.chat(request.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return form == Form.STREAM ? Seen.stream(answer.body()) : Seen.whole(answer.body());
  }

  /** The body of the last request that the provider had. */
  protected final String lastSent() {
    return fake.requests().getLast().body();
  }

  @BeforeAll
  void start() {
    fake = newFake();
    gateway = Gateway.start(Gateway.all(fake.settings("kit"), SETTINGS));
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(gateway.url("/v1").toString())
            .apiKey(Gateway.ADMIN_KEY)
            .maxRetries(0)
            .build();
  }

  @AfterAll
  void stop() throws IOException {
    client.close();
    gateway.close();
    fake.close();
  }

  @BeforeEach
  void forget() {
    fake.requests().clear();
  }

  @AfterEach
  void theVendorTookAll() {
    fake.verifyAccepted();
  }

  private static void same(Seen seen, Expected expected) {
    assertThat(seen.error()).isNull();
    assertThat(seen.complete()).as("said [DONE]").isTrue();
    assertThat(seen.text()).isEqualTo(expected.text());
    assertThat(seen.calls()).isEqualTo(expected.calls());
    assertThat(seen.finish()).isEqualTo(expected.finish());
    assertThat(seen.ids()).doesNotHaveDuplicates().doesNotContain("").hasSameSizeAs(seen.calls());
    JsonNode usage = seen.usage();
    if (expected.promptTokens() >= 0) {
      assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(expected.promptTokens());
      assertThat(usage.path("completion_tokens").asInt()).isEqualTo(expected.completionTokens());
      assertThat(usage.path("total_tokens").asInt())
          .isEqualTo(expected.promptTokens() + expected.completionTokens());
      assertThat(usage.path("prompt_tokens_details").path("cached_tokens").asInt())
          .isEqualTo(expected.cachedTokens());
    }
  }

  // ---- chat, by OpenAI's own client

  @Test
  void anOpenAiClientChats() {
    fake.play(Scenario.CHAT);
    ChatCompletion answer = client.chat().completions().create(hello().build());

    Expected expected = fake.expected(Scenario.CHAT, Form.WHOLE);
    assertThat(answer.choices().getFirst().message().content()).contains(expected.text());
    assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo("stop");
    assertThat(answer.usage())
        .hasValueSatisfying(usage -> {
          assertThat(usage.promptTokens()).isEqualTo(expected.promptTokens());
          assertThat(usage.completionTokens()).isEqualTo(expected.completionTokens());
        });
  }

  @Test
  void anOpenAiClientStreams() {
    fake.play(Scenario.CHAT);
    ChatCompletionAccumulator all = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(
                hello()
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      stream.stream().forEach(all::accumulate);
    }

    Expected expected = fake.expected(Scenario.CHAT, Form.STREAM);
    ChatCompletion answer = all.chatCompletion();
    assertThat(answer.choices().getFirst().message().content()).contains(expected.text());
    assertThat(answer.usage())
        .hasValueSatisfying(
            usage -> assertThat(usage.completionTokens()).isEqualTo(expected.completionTokens()));
  }

  private ChatCompletionCreateParams.Builder hello() {
    return ChatCompletionCreateParams.builder()
        .model("kit/" + fake.model())
        .addSystemMessage("Be brief.")
        .addUserMessage("Hello");
  }

  // ---- by bare HTTP

  @ParameterizedTest
  @EnumSource
  void chats(Form form) {
    fake.play(Scenario.CHAT);
    ObjectNode request =
        request(
            """
            [{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"},
             {"role":"assistant","content":"Hi."},{"role":"user","content":[
               {"type":"text","text":"What now?"}]}]\
            """,
            "max_tokens",
            "200",
            "temperature",
            "0.5",
            "stop",
            "[\"END\"]");

    same(send(request, form), fake.expected(Scenario.CHAT, form));
    assertThat(lastSent()).contains("Be brief.", "Hello", "Hi.", "What now?", "END");
  }

  @Test
  void aStreamHasNoUsageUnlessAskedForIt() {
    fake.play(Scenario.CHAT);
    HttpResponse<String> answer =
        gateway.chat(
            request("[{\"role\":\"user\",\"content\":\"Hello\"}]", "stream", "true").toString());

    Seen seen = Seen.stream(answer.body());
    assertThat(seen.complete()).isTrue();
    assertThat(seen.usage().isEmpty()).isTrue();
    assertThat(answer.body()).doesNotContain("\"choices\":[]");
  }

  @ParameterizedTest
  @EnumSource
  void toolsAreCalledAndAnswered(Form form) {
    fake.play(Scenario.TOOLS);
    String ask = "{\"role\":\"user\",\"content\":\"What is the weather?\"}";
    Seen called = send(request("[" + ask + "]", "tools", "[" + WEATHER + "]"), form);
    same(called, fake.expected(Scenario.TOOLS, form));
    assertThat(called.calls()).hasSize(1);

    fake.play(Scenario.TOOLS_ANSWERED);
    ObjectNode answered = request("[" + ask + "]", "tools", "[" + WEATHER + "]");
    ArrayNode messages = answered.withArray("messages");
    messages.add(assistant(called));
    messages
        .addObject()
        .put("role", "tool")
        .put("tool_call_id", called.ids().getFirst())
        .put("content", "{\"celsius\":21}");
    same(send(answered, form), fake.expected(Scenario.TOOLS_ANSWERED, form));
    assertThat(lastSent()).contains("celsius");
  }

  @ParameterizedTest
  @EnumSource
  void toolsAreCalledTogetherAndAnsweredTogether(Form form) {
    fake.play(Scenario.PARALLEL_TOOLS);
    String ask = "{\"role\":\"user\",\"content\":\"What is the weather at both?\"}";
    Seen called = send(request("[" + ask + "]", "tools", "[" + WEATHER + "]"), form);
    same(called, fake.expected(Scenario.PARALLEL_TOOLS, form));
    assertThat(called.calls()).hasSizeGreaterThan(1);

    fake.play(Scenario.TOOLS_ANSWERED);
    ObjectNode answered = request("[" + ask + "]", "tools", "[" + WEATHER + "]");
    ArrayNode messages = answered.withArray("messages");
    messages.add(assistant(called));
    for (String id : called.ids()) {
      messages.addObject().put("role", "tool").put("tool_call_id", id).put("content", "of " + id);
    }
    same(send(answered, form), fake.expected(Scenario.TOOLS_ANSWERED, form));
    called.ids().forEach(id -> assertThat(lastSent()).contains("of " + id));
  }

  @ParameterizedTest
  @EnumSource
  void aCallBesideAnEmptyTextIsKept(Form form) {
    fake.play(Scenario.TOOLS_ANSWERED);
    ObjectNode answered =
        request(
            """
            [{"role":"user","content":"What is the weather?"},
             {"role":"assistant","content":"","tool_calls":[{"id":"call_1","type":"function",
              "function":{"name":"get_weather","arguments":"{\\"location\\":\\"Timbuktu\\"}"}}]},
             {"role":"tool","tool_call_id":"call_1","content":"{\\"celsius\\":21}"}]\
            """,
            "tools",
            "[" + WEATHER + "]");

    same(send(answered, form), fake.expected(Scenario.TOOLS_ANSWERED, form));
    assertThat(lastSent()).contains("Timbuktu", "celsius");
  }

  private static ObjectNode assistant(Seen called) {
    ObjectNode message = JSON.createObjectNode().put("role", "assistant");
    message.put("content", called.text().isEmpty() ? null : called.text());
    ArrayNode calls = message.putArray("tool_calls");
    for (int i = 0; i < called.calls().size(); i++) {
      calls
          .addObject()
          .put("id", called.ids().get(i))
          .put("type", "function")
          .putObject("function")
          .put("name", called.calls().get(i).name())
          .put("arguments", called.calls().get(i).arguments().toString());
    }
    return message;
  }

  @ParameterizedTest
  @EnumSource
  void itLooksAtAnImage(Form form) {
    fake.play(Scenario.IMAGE);
    Seen seen = send(request(image("data:image/png;base64," + PIXEL)), form);

    same(seen, fake.expected(Scenario.IMAGE, form));
    assertThat(lastSent()).contains(PIXEL);
  }

  @Test
  void itLooksAtAnImageByItsUrlOrSaysThatItCannot() {
    fake.play(Scenario.IMAGE);
    ObjectNode request = request(image("https://example.com/ant.png"));
    if (fake.can(Feature.IMAGE_URL)) {
      same(send(request, Form.WHOLE), fake.expected(Scenario.IMAGE, Form.WHOLE));
      assertThat(lastSent()).contains("https://example.com/ant.png");
    } else {
      refusedByTheGateway(request, "image_url");
    }
  }

  private static String image(String url) {
    return """
    [{"role":"user","content":[{"type":"text","text":"What is this?"},
      {"type":"image_url","image_url":{"url":"%s"}}]}]\
    """
        .formatted(url);
  }

  @ParameterizedTest
  @EnumSource
  void itAnswersAsASchemaWantsOrSaysThatItCannot(Form form) {
    fake.play(Scenario.JSON_SCHEMA);
    ObjectNode request =
        request("[{\"role\":\"user\",\"content\":\"Ann is 7.\"}]", "response_format", SCHEMA);
    if (fake.can(Feature.JSON_SCHEMA)) {
      Seen seen = send(request, form);
      same(seen, fake.expected(Scenario.JSON_SCHEMA, form));
      assertThat(Gateway.json(seen.text()).isObject()).isTrue();
      assertThat(lastSent()).contains("age");
    } else {
      refusedByTheGateway(request, "response_format");
    }
  }

  private void refusedByTheGateway(ObjectNode request, String param) {
    HttpResponse<String> answer = gateway.chat(request.toString());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-iir-error-source")).contains("gateway");
    assertThat(Gateway.json(answer.body()).path("error").path("param").asText()).contains(param);
    assertThat(fake.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void itThinksAloud(Form form) {
    if (!fake.can(Feature.REASONING)) {
      return; // the protocol has no thoughts to tell
    }
    fake.play(Scenario.REASONING);
    Seen seen =
        send(
            request(
                "[{\"role\":\"user\",\"content\":\"Think.\"}]",
                "reasoning_effort",
                "\"low\"",
                "max_tokens",
                "4000"),
            form);

    Expected expected = fake.expected(Scenario.REASONING, form);
    same(seen, expected);
    assertThat(seen.reasoning()).isEqualTo(expected.reasoning());
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerEndsWhereItMust(Form form) {
    fake.play(Scenario.LENGTH);
    ObjectNode request = request("[{\"role\":\"user\",\"content\":\"Tell.\"}]", "max_tokens", "10");
    same(send(request, form), fake.expected(Scenario.LENGTH, form));
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalIsOne(Form form) {
    fake.play(Scenario.REFUSAL);
    ObjectNode request = request("[{\"role\":\"user\",\"content\":\"Harm.\"}]");
    same(send(request, form), fake.expected(Scenario.REFUSAL, form));
  }

  // ---- errors

  @ParameterizedTest
  @EnumSource
  void aRequestThatTheVendorRefusesIsTheClientsFault(Form form) {
    fake.play(Scenario.ERROR_400);
    HttpResponse<String> answer = fails(form);

    Expected expected = fake.expected(Scenario.ERROR_400, form);
    JsonNode error = Gateway.json(answer.body()).path("error");
    assertThat(answer.statusCode()).isEqualTo(expected.status());
    assertThat(error.path("message").asText()).isEqualTo(expected.text());
    assertThat(error.path("type").asText()).isEqualTo(expected.type());
    assertThat(error.path("code").asText("")).isEqualTo(expected.code());
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR_401", "ERROR_429", "ERROR_500", "OVERLOADED"})
  void aFailureOfTheVendorsIsOneOfTheGateways(Scenario scenario) {
    fake.play(scenario);
    HttpResponse<String> answer = fails(Form.WHOLE);

    boolean limited = fake.expected(scenario, Form.WHOLE).status() == 429;
    JsonNode error = Gateway.json(answer.body()).path("error");
    assertThat(answer.statusCode()).isEqualTo(limited ? 429 : 502);
    assertThat(error.path("code").asText())
        .isEqualTo(limited ? "rate_limit_exceeded" : "provider_error");
    if (scenario != Scenario.ERROR_401) {
      assertThat(error.path("message").asText())
          .contains(fake.expected(scenario, Form.WHOLE).text());
    }
  }

  private HttpResponse<String> fails(Form form) {
    HttpResponse<String> answer =
        gateway.chat(
            request(
                    "[{\"role\":\"user\",\"content\":\"Hello\"}]",
                    "stream",
                    String.valueOf(form == Form.STREAM))
                .toString());
    assertThat(answer.headers().firstValue("x-iir-error-source")).contains("provider");
    assertThat(answer.body()).doesNotContain("sk-upstream");
    return answer;
  }

  @ParameterizedTest
  @EnumSource(names = {"STREAM_ERROR", "CUT"})
  void aStreamThatFailsDoesNotLookComplete(Scenario scenario) {
    fake.play(scenario);
    Seen seen = send(request("[{\"role\":\"user\",\"content\":\"Hello\"}]"), Form.STREAM);

    assertThat(seen.text()).isEqualTo("Once");
    assertThat(seen.finish()).isEmpty();
    assertThat(seen.error()).isNotNull();
  }

  // ---- texts

  @ParameterizedTest
  @EnumSource
  void everyCharacterComesThrough(Form form) throws IOException {
    fake.play(Scenario.UNICODE);
    ObjectNode request = request("[]");
    request.withArray("messages").addObject().put("role", "user").put("content", Texts.UNICODE);

    assertThat(send(request, form).text()).isEqualTo(Texts.UNICODE);
    assertThat(
            JSON.readTree(lastSent()).findValuesAsText("text").toString()
                + JSON.readTree(lastSent()).findValuesAsText("content"))
        .contains(Texts.UNICODE);
  }

  @ParameterizedTest
  @EnumSource
  void aMegabyteComesThrough(Form form) {
    fake.play(Scenario.LARGE);
    Seen seen = send(request("[{\"role\":\"user\",\"content\":\"Count.\"}]"), form);

    assertThat(seen.text().equals(Texts.large())).isTrue();
    assertThat(seen.finish()).isEqualTo("stop");
  }

  // ---- leaving

  @Test
  void theProviderIsLeftWhenTheClientLeaves() throws Exception {
    fake.play(Scenario.HANGING);
    ObjectNode request = request("[{\"role\":\"user\",\"content\":\"Tell.\"}]", "stream", "true");
    try (RawClient leaving = RawClient.chat(gateway, request.toString())) {
      String event = Objects.requireNonNull(leaving.event());
      while (!event.contains("Once")) {
        event = Objects.requireNonNull(leaving.event());
      }
    }
    assertThat(fake.requests().getFirst().left().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .isPositive();
  }

  /** The names of headers that the provider got with the last request, in lower case. */
  protected final List<String> headersSent() {
    return fake.requests().getLast().headers().keySet().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .toList();
  }
}
