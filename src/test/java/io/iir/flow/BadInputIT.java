package io.iir.flow;

import static io.iir.flow.BadInput.CHAT;
import static io.iir.flow.BadInput.GOOD_BODY;
import static io.iir.flow.BadInput.HOST;
import static io.iir.flow.BadInput.JSON;
import static io.iir.flow.BadInput.KEY;
import static io.iir.flow.BadInput.chat;
import static io.iir.flow.BadInput.goodChat;
import static io.iir.flow.BadInput.gzip;
import static io.iir.flow.BadInput.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.flow.BadInput.Then;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawHttp;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whatever is sent, the answer is OpenAI's error with the documented status and code, the provider
 * is not bothered, and the connection is usable or closed in an orderly way.
 *
 * <p>Longer than most: all cases share one gateway, and their answers one table.
 */
class BadInputIT {

  private static final String ANSWER =
      "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"Hi\"}}]}";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final BadInputReport REPORT = new BadInputReport();
  private static final Set<String> ANSWER_HEADERS =
      Set.of(
          "age",
          "allow",
          "connection",
          "content-length",
          "content-type",
          "retry-after",
          "server-timing",
          "transfer-encoding",
          "www-authenticate",
          "x-classification",
          "x-iir-cache",
          "x-iir-error-source",
          "x-ratelimit-limit-requests",
          "x-ratelimit-limit-tokens",
          "x-ratelimit-remaining-requests",
          "x-ratelimit-remaining-tokens",
          "x-ratelimit-reset-requests",
          "x-ratelimit-reset-tokens",
          "x-request-id",
          "x-route-model",
          "x-route-provider",
          "x-route-reason");
  private static final Set<String> PROVIDER_HEADERS =
      Set.of(
          "accept",
          "authorization",
          "content-length",
          "content-type",
          "host",
          "http-referer",
          "openai-beta",
          "traceparent",
          "tracestate",
          "user-agent",
          "x-request-id",
          "x-title");

  private static final FakeProvider.Behaviour GOOD = call -> call.completion("Hi", 5, 1);
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static FakeProvider provider;
  private static Gateway gateway;
  private static String userKey;

  @BeforeAll
  static void start() throws Exception {
    ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(records));
    provider = new FakeProvider(GOOD);
    List<String> settings = new ArrayList<>(List.of(Gateway.provider("fake", provider.baseUrl())));
    settings.add("iir.providers.fixed.base-url=" + provider.baseUrl());
    settings.add("iir.providers.fixed.models[0]=alpha");
    settings.add("iir.limits.default.rpm=100000");
    settings.add("iir.cache.enabled=false");
    settings.add("iir.server.head-timeout=3s");
    settings.add("iir.server.body-timeout=3s");
    settings.add("iir.server.idle-timeout=3s");
    gateway = Gateway.start(settings.toArray(String[]::new));
    userKey = createKey("user").path("key").asText();
  }

  @AfterAll
  static void stop() throws IOException {
    REPORT.write();
    gateway.close();
    provider.close();
    // A leak is told when its buffer is garbage, by the allocation of another one.
    System.gc();
    for (int i = 0; i < 100; i++) {
      PooledByteBufAllocator.DEFAULT.buffer().release();
    }
    assertThat(LEAKS).isEmpty();
  }

  @BeforeEach
  void reset() {
    provider.behave(GOOD);
    provider.calls().clear();
  }

  private static JsonNode createKey(String name) throws IOException {
    HttpResponse<String> created =
        gateway.send(
            gateway
                .request("/api/v1/apikeys")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"%s\"}".formatted(name)))
                .build());
    assertThat(created.statusCode()).isEqualTo(201);
    return MAPPER.readTree(created.body());
  }

  // ---- what is refused, case by case

  static Stream<BadInput> refused() {
    return Stream.of(
            BadBodies.all(), BadFields.all(), BadHttp.all(), BadAdministration.all(userKey))
        .flatMap(List::stream);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refuses(BadInput input) throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(input.request()).read();

      checkError(answer, input.status(), input.code(), input.says(), "gateway");
      record(input.group(), input.name(), answer);
      if (input.then() == Then.USABLE) {
        assertUsable(client);
      } else {
        assertThat(answer.header("connection")).isEqualToIgnoringCase("close");
        client.awaitEnd();
      }
      assertThat(provider.calls()).isEmpty();
      if (input.status() == 405) {
        assertThat(answer.header("allow")).isNotEmpty();
      }
    }
  }

  @Test
  void refusesAllKeysAlike() throws IOException {
    JsonNode revoked = createKey("revoked");
    String path = "/api/v1/apikeys/" + revoked.path("id").asText();
    assertThat(gateway.send(gateway.request(path).DELETE().build()).statusCode()).isEqualTo(200);
    JsonNode expired = createKey("expired");
    gateway
        .bean(JdbcClient.class)
        .sql("update api_keys set expires_at = 1000 where id = ?")
        .param(expired.path("id").asText())
        .update();
    Map<String, List<String>> keys = new LinkedHashMap<>();
    keys.put("no key", List.of());
    keys.put("an empty header", List.of("Authorization:"));
    keys.put("a wrong key", List.of("Authorization: Bearer wrong"));
    keys.put("an unknown key", List.of("Authorization: Bearer sk-iir-" + "a".repeat(43)));
    keys.put("a revoked key", List.of("Authorization: Bearer " + revoked.path("key").asText()));
    keys.put("an expired key", List.of("Authorization: Bearer " + expired.path("key").asText()));
    keys.put("another scheme", List.of("Authorization: Basic YWRtaW46YWRtaW4="));
    keys.put("two headers", List.of(KEY, "Authorization: Bearer wrong"));
    keys.put("the same header twice", List.of(KEY, KEY));
    keys.put("Bearer alone", List.of("Authorization: Bearer"));
    keys.put("a key and more", List.of(KEY + " more"));
    keys.put("the key in another header", List.of("Api-Key: " + Gateway.ADMIN_KEY));
    keys.put("a wrong x-api-key", List.of("X-Api-Key: wrong"));
    Set<String> bodies = new HashSet<>();
    for (Map.Entry<String, List<String>> key : keys.entrySet()) {
      List<String> head = new ArrayList<>(List.of(CHAT, HOST, JSON));
      head.addAll(key.getValue());
      head.add("Content-Length: " + GOOD_BODY.length());
      try (RawHttp client = new RawHttp(gateway.port())) {
        RawHttp.Answer answer =
            client.send(raw(GOOD_BODY.getBytes(UTF_8), head.toArray(String[]::new))).read();

        checkError(answer, 401, "invalid_api_key", "API key", "gateway");
        record("keys", key.getKey(), answer);
        assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
        assertUsable(client);
        bodies.add(answer.body());
      }
    }
    assertThat(bodies).hasSize(1);
    assertThat(provider.calls()).isEmpty();
  }

  // ---- what looks odd and is good

  static Stream<Map.Entry<String, byte[]>> accepted() {
    byte[] body = GOOD_BODY.getBytes(UTF_8);
    String unknownRole = GOOD_BODY.replace("\"user\"", "\"narrator\"");
    return Stream.of(
        Map.entry("body: gzip", chat(gzip(body), JSON, "Content-Encoding: gzip")),
        Map.entry("body: no Content-Type", chat(body)),
        Map.entry("body: a charset", chat(body, JSON + "; charset=utf-8")),
        Map.entry("body: Expect: 100-continue", goodChat("Expect: 100-continue")),
        Map.entry("fields: an unknown role", chat(unknownRole)),
        Map.entry("fields: a model not in ASCII", chat(GOOD_BODY.replace("/m", "/mod\u00e8le"))),
        Map.entry("HTTP: a folded header", goodChat("X-Title: a\r\n b")),
        Map.entry(
            "HTTP: an absolute target",
            raw(
                body,
                CHAT.replace(" /", " HTTP://gateway:80/"),
                HOST,
                KEY,
                JSON,
                "Content-Length: " + body.length)));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void accepts(Map.Entry<String, byte[]> input) throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(input.getValue()).read();

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"content\":\"Hi\"");
      assertUsable(client);
    }
    checkProviderHeaders(provider.call());
    String[] name = input.getKey().split(": ", 2);
    REPORT.add(name[0], name[1], 200, "", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%0d%0aSet-Cookie:%20a=b", "a b", "<script>", "", "\u00e9"})
  void echoesNoStrangeRequestId(String id) throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(goodChat("x-request-id: " + id)).read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("x-request-id")).matches("req_[0-9a-f]+");
      assertThat(answer.header("set-cookie")).isNull();
      checkNames(answer);
      assertThat(provider.call().headers().getFirst("x-request-id"))
          .isEqualTo(answer.header("x-request-id"));
      REPORT.add("HTTP", "x-request-id: " + id, 200, "", "answered under an id of the gateway's");
    }
  }

  @Test
  void echoesASaneRequestIdOnSuccessAndOnErrors() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      String id = "x-request-id: my-id_1.2";
      assertThat(client.send(goodChat(id)).read().header("x-request-id")).isEqualTo("my-id_1.2");
      for (byte[] request :
          List.of(
              raw("GET /nothing HTTP/1.1", HOST, id),
              raw("GET /v1/models HTTP/1.1", HOST, id),
              raw("GET /health HTTP/1.1", HOST, id, HOST))) {
        assertThat(client.send(request).read().header("x-request-id")).isEqualTo("my-id_1.2");
      }
    }
  }

  @Test
  void answersHeadWithoutABody() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      assertThat(client.send(raw("HEAD /health HTTP/1.1", HOST)).head().status()).isEqualTo(200);
      assertUsable(client);
      RawHttp.Answer refusal =
          client.send(raw("HEAD /v1/chat/completions HTTP/1.1", HOST, KEY)).head();
      assertThat(refusal.status()).isEqualTo(405);
      assertThat(refusal.header("allow")).isEqualTo("POST");
      checkNames(refusal);
      assertUsable(client);
      assertThat(client.send(raw("HEAD /nothing HTTP/1.1", HOST)).head().status()).isEqualTo(404);
      assertUsable(client);
      REPORT.add("HTTP", "HEAD /health", 200, "", "no body");
      REPORT.add("HTTP", "HEAD /v1/chat/completions", 405, "", "no body");
    }
  }

  // ---- headers

  @Test
  void letsNoHeaderThroughThatIsNotOnTheList() throws IOException {
    provider.behave(call ->
        call.json(
            200,
            ANSWER,
            "Set-Cookie: a=b",
            "Server: secret/1.0",
            "X-Internal: 10.0.0.1",
            "X-Route-Model: evil",
            "CamelHttpResponseCode: 418"));
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer =
          client
              .send(
                  goodChat(
                      "CamelHttpUri: http://127.0.0.1:1/",
                      "CamelHttpPath: /admin",
                      "CamelHttpMethod: DELETE",
                      "CamelHttpResponseCode: 418",
                      "camelFileName: x",
                      "org.apache.camel.x: y",
                      "Cookie: a=b",
                      "X-Api-Key: " + Gateway.ADMIN_KEY,
                      "X-Forwarded-For: 10.0.0.1",
                      "Proxy-Authorization: Basic x",
                      "X-Internal: 1",
                      "X-Title: kept"))
              .read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(ANSWER);
      assertThat(answer.header("x-route-model")).isEqualTo("m");
      checkNames(answer);
      assertUsable(client);
    }
    checkProviderHeaders(provider.call());
    assertThat(provider.call().target()).isEqualTo("/v1/chat/completions");
    assertThat(provider.call().headers().getFirst("X-Title")).isEqualTo("kept");
    assertThat(provider.call().headers().getFirst("Authorization"))
        .isEqualTo("Bearer sk-upstream-fake");
    REPORT.add("HTTP", "Camel* headers", 200, "", "without effect, and not passed on");
  }

  @Test
  void letsNoHeaderThroughOnAStream() throws IOException {
    provider.behave(call -> {
      call.head(
          200,
          "text/event-stream",
          "Transfer-Encoding: chunked",
          "Set-Cookie: a=b",
          "Server: secret",
          "CamelHttpResponseCode: 418");
      call.token("Hi");
      call.endStream(5, 1);
    });
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer =
          client.send(chat(GOOD_BODY.replace("{\"model\"", "{\"stream\":true,\"model\""))).read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("Hi").endsWith("data: [DONE]\n\n");
      checkNames(answer);
      assertUsable(client);
    }
  }

  @Test
  void failsCleanlyIfARuleSetsAHeaderOfTwoLines() throws Exception {
    gateway
        .bean(CamelContext.class)
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("platform-http:/two-lines")
                    .routeId("two-lines")
                    .process(exchange -> Variables.REASON.set(exchange, "a\r\nSet-Cookie: b"));
              }
            });
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(raw("GET /two-lines HTTP/1.1", HOST)).read();

      checkError(answer, 500, "internal_error", "its log says why", "gateway");
      assertUsable(client);
    }
  }

  // ---- the provider's own refusals

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"n must be at most 8\",\"type\":\"invalid_request_error\","
            + "\"param\":\"n\",\"code\":null}}",
        "{ \"error\": {\"message\": \"max_tokens is too large: 1e9\", \"type\":"
            + " \"invalid_request_error\", \"param\": \"max_tokens\", \"code\": \"bad_value\","
            + " \"extra\": [1] } }\n"
      })
  void passesAProvidersRefusalThroughByteForByte(String refusal) throws IOException {
    provider.behave(call -> call.json(400, refusal, "Set-Cookie: a=b"));
    String body = GOOD_BODY.replace("{\"model\"", "{\"n\":99,\"max_tokens\":-5,\"model\"");
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(chat(body)).read();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo(refusal);
      assertThat(answer.header("x-iir-error-source")).isEqualTo("provider");
      checkNames(answer);
      assertUsable(client);
      record("provider", "n and max_tokens out of range", answer);
    }
    assertThat(provider.call().body()).contains("\"n\":99,\"max_tokens\":-5");
  }

  static Stream<BadInput> foreignForms() {
    return Stream.of(
        foreign(
            "vLLM's older form",
            "{\"object\":\"error\",\"message\":\"max_tokens must be at least 1\","
                + "\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
            "invalid_request",
            "max_tokens must be at least 1"),
        foreign(
            "vLLM's newer form",
            "{\"error\":{\"message\":\"n must be at least 1\",\"type\":\"BadRequestError\","
                + "\"param\":\"n\",\"code\":400}}",
            "invalid_request",
            "n must be at least 1"),
        foreign("a string", "{\"error\":\"no such option\"}", "invalid_request", "no such option"),
        foreign(
            "llama.cpp's form",
            "{\"error\":{\"code\":400,\"message\":\"the request exceeds the context size\","
                + "\"type\":\"exceed_context_size_error\",\"n_ctx\":512}}",
            "context_length_exceeded",
            "exceeds the context size"),
        foreign(
            "an HTML page",
            "<html><body>Bad Request</body></html>",
            "invalid_request",
            "answered 400 with an HTML page"),
        foreign("an empty body", "", "invalid_request", "answered 400 with an empty body"));
  }

  private static BadInput foreign(String name, String json, String code, String says) {
    return new BadInput("provider", name, json.getBytes(UTF_8), 400, code, says, Then.USABLE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("foreignForms")
  void putsAProvidersRefusalIntoOpenAisForm(BadInput form) throws IOException {
    provider.behave(call -> call.json(400, new String(form.request(), UTF_8)));
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(goodChat()).read();

      checkError(answer, form.status(), form.code(), form.says(), "provider");
      record(form.group(), form.name(), answer);
      assertUsable(client);
    }
  }

  // ---- connections

  @Test
  void answersTheFirstOfTooManyPipelinedRequestsInOrder() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    provider.behave(call -> {
      written.await();
      call.completion(call.body().replaceAll("(?s).*(number \\d+).*", "$1"), 5, 1);
    });
    ByteArrayOutputStream requests = new ByteArrayOutputStream();
    for (int i = 1; i <= 20; i++) {
      requests.writeBytes(chat(GOOD_BODY.replace("Hello", "number " + i)));
    }
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(requests.toByteArray());
      written.countDown();
      for (int i = 1; i <= 16; i++) {
        RawHttp.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"number " + i + "\"");
      }
      RawHttp.Answer refusal = client.read();
      checkError(refusal, 400, "invalid_request", "more than 16 requests", "gateway");
      record("HTTP", "20 pipelined requests: the 17th", refusal);
      client.awaitEnd();
    }
    assertThat(provider.calls()).hasSize(16);
  }

  @Test
  void asksForTheBodyThatAClientHoldsBack() throws IOException {
    byte[] body = GOOD_BODY.getBytes(UTF_8);
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(
          raw(CHAT, HOST, KEY, JSON, "Expect: 100-continue", "Content-Length: " + body.length));
      assertThat(client.head().status()).isEqualTo(100);
      assertThat(client.send(body).read().status()).isEqualTo(200);
      assertUsable(client);
    }
  }

  static Stream<Map.Entry<String, byte[]>> slow() {
    byte[] begun = "5\r\n{\"mod\r\n".getBytes(UTF_8);
    return Stream.of(
        Map.entry(
            "a head that never ends", "POST /v1/chat/completions HTTP/1.1\r\nHo".getBytes(UTF_8)),
        Map.entry(
            "chunks that never end",
            raw(begun, CHAT, HOST, KEY, JSON, "Transfer-Encoding: chunked")),
        Map.entry(
            "a body that stays behind", raw(begun, CHAT, HOST, KEY, JSON, "Content-Length: 1000")));
  }

  @ParameterizedTest
  @MethodSource("slow")
  void endsARequestThatDoesNotArrive(Map.Entry<String, byte[]> input) throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer answer = client.send(input.getValue()).read();

      checkError(answer, 408, "invalid_request", "did not arrive in time", "gateway");
      record("HTTP", input.getKey(), answer);
      client.awaitEnd();
    }
    assertThat(provider.calls()).isEmpty();
  }

  /** What comes behind an answer that was given before the body had come. */
  @Test
  void closesWhereABodyIsTooLargeOrTooSlowForAnAnswerGivenEarly() throws IOException {
    try (RawHttp large = new RawHttp(gateway.port());
        RawHttp slow = new RawHttp(gateway.port())) {
      slow.send(raw("POST /nothing HTTP/1.1", HOST, "Content-Length: 100"));
      assertThat(slow.read().status()).isEqualTo(404);
      large.send(raw("POST /nothing HTTP/1.1", HOST, "Transfer-Encoding: chunked"));
      assertThat(large.read().status()).isEqualTo(404);
      large.send(BadBodies.chunks(25 << 20));
      large.awaitEnd();
      slow.awaitEnd();
    }
  }

  @Test
  void answersHttp10AndCloses() throws IOException {
    try (RawHttp client = new RawHttp(gateway.port())) {
      assertThat(client.send(raw("GET /health HTTP/1.0")).read().status()).isEqualTo(200);
      client.awaitEnd();
    }
  }

  @Test
  void closesIdleConnections() throws IOException {
    try (RawHttp silent = new RawHttp(gateway.port());
        RawHttp done = new RawHttp(gateway.port());
        RawHttp answeredEarly = new RawHttp(gateway.port())) {
      assertUsable(done);
      // Answered before its body, which then comes: this one, too, is idle in the end.
      byte[] body = new byte[100];
      answeredEarly.send(raw("POST /nothing HTTP/1.1", HOST, "Content-Length: 100"));
      assertThat(answeredEarly.read().status()).isEqualTo(404);
      answeredEarly.send(body);
      silent.awaitEnd();
      done.awaitEnd();
      answeredEarly.awaitEnd();
      REPORT.add("HTTP", "an idle connection", 0, "", "closed after iir.server.idle-timeout");
    }
  }

  // ---- what all answers have in common

  private static void checkError(
      RawHttp.Answer answer, int status, String code, String says, String source)
      throws IOException {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("x-iir-error-source")).isEqualTo(source);
    assertThat(answer.header("x-request-id")).isNotEmpty();
    checkNames(answer);
    JsonNode root = MAPPER.readTree(answer.bytes());
    assertThat(root.properties()).extracting(Map.Entry::getKey).containsExactly("error");
    JsonNode error = root.path("error");
    assertThat(error.properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("message", "type", "param", "code");
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("type").asText()).isNotEmpty();
    assertThat(error.path("message").asText())
        .contains(says)
        .doesNotContain("Exception", "\tat ", "io.iir", "io.netty", "com.fasterxml", "<html")
        .doesNotContain(Gateway.ADMIN_KEY);
  }

  private static void checkNames(RawHttp.Answer answer) {
    assertThat(ANSWER_HEADERS).containsAll(answer.names());
    assertThat(answer.names()).doesNotHaveDuplicates();
  }

  private static void checkProviderHeaders(FakeProvider.Call call) {
    assertThat(call.headers().keySet())
        .allSatisfy(name -> assertThat(PROVIDER_HEADERS).contains(name.toLowerCase(Locale.ROOT)));
    assertThat(call.headers().toString()).doesNotContain(Gateway.ADMIN_KEY);
  }

  private static void assertUsable(RawHttp client) throws IOException {
    RawHttp.Answer second = client.send(raw("GET /health/live HTTP/1.1", HOST)).read();
    assertThat(second.status()).as(second.body()).isEqualTo(200);
    assertThat(second.header("x-iir-error-source")).isNull();
  }

  private static void record(String group, String name, RawHttp.Answer answer) throws IOException {
    JsonNode error = MAPPER.readTree(answer.bytes()).path("error");
    REPORT.add(
        group,
        name,
        answer.status(),
        text(error.path("code").textValue()),
        text(error.path("message").textValue()));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
