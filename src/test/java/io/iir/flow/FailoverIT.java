package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.flow.engine.GatewayServer;
import io.iir.provider.Candidate;
import io.iir.provider.ModelName;
import io.iir.provider.ProviderDirectory;
import io.iir.testing.Chunks;
import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Behaviour;
import io.iir.testing.FreePort;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.iir.testing.Rules;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A target that does not answer, and the next one that does. */
class FailoverIT {

  private static final String WHOLE =
      """
      {"model":"auto","messages":[{"role":"user","content":"Hello"}]}\
      """;

  /** More than an answer may have, sent a mebibyte at a time. */
  private static final int TOO_MANY_MEBIBYTES = 66;

  @TempDir static Path routes;
  private static FakeProvider first;
  private static FakeProvider second;
  private static ServerSocket plain;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    first = new FakeProvider(call -> call.json(500, "{}"));
    second = new FakeProvider(call -> call.json(500, "{}"));
    plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(FailoverIT::speakPlainly);
    int closed = FreePort.find();
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider(
                    "first", first.baseUrl(), "timeouts.first-token=500ms", "timeouts.total=3s"),
                Gateway.provider("second", second.baseUrl()),
                Gateway.provider("narrow", second.baseUrl(), "max-connections=1", "max-pending=1"),
                Gateway.provider("closed", "http://127.0.0.1:%d/v1".formatted(closed)),
                Gateway.provider("nowhere", "http://nowhere.invalid/v1", "timeouts.connect=2s"),
                Gateway.provider(
                    "plain", "https://127.0.0.1:%d/v1".formatted(plain.getLocalPort())),
                Rules.choosing(routes, "first/m, second/m"),
                new String[] {"iir.cache.enabled=false", "iir.retry.attempts=0"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
    plain.close();
  }

  /** Answers whoever connects in plain text, whatever is said. */
  private static void speakPlainly() {
    while (!plain.isClosed()) {
      try (Socket connection = plain.accept()) {
        connection.getInputStream().read();
        connection
            .getOutputStream()
            .write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        connection.shutdownOutput();
        connection.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        // the test or the gateway has closed it
      }
    }
  }

  @BeforeEach
  void forget() {
    first.hangUp(); // a connection used before would be retried once
    first.calls().clear();
    second.calls().clear();
    second.behave(FailoverIT::answerWell);
    ProviderDirectory directory = gateway.bean(ProviderDirectory.class);
    for (String provider : List.of("first", "second")) {
      Candidate model = directory.candidate(new ModelName(provider, "m"));
      // Else it would be left out after three of the tests.
      directory.traffic().begin(Objects.requireNonNull(model)).succeeded();
    }
  }

  private static void answerWell(FakeProvider.Call call) throws IOException {
    if (call.body().contains("\"stream\":true")) {
      call.beginStream();
      call.token("second");
      call.endStream(5, 1);
    } else {
      call.completion("second", 5, 1);
    }
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        failure("resets", FakeProvider.Call::reset, 502, "provider_error", "reset"),
        failure("closes", FakeProvider.Call::close, 502, "provider_error", "closed"),
        status(503, "{\"error\":{\"message\":\"loading\"}}", 502, "provider_error"),
        status(500, "", 502, "provider_error"),
        status(401, "{\"error\":\"Unauthorized\"}", 502, "provider_error"),
        status(402, "{\"error\":{\"message\":\"pay\"}}", 502, "provider_error"),
        status(403, "{}", 502, "provider_error"),
        status(408, "{}", 502, "provider_error"),
        status(302, "{}", 502, "provider_error"),
        status(429, "{\"error\":{\"message\":\"slow down\"}}", 429, "rate_limit_exceeded"),
        failure("silent", FakeProvider.Call::awaitLeaving, 504, "provider_timeout", "within"),
        failure(
            "half an answer",
            call -> {
              call.head(200, "application/json", "Content-Length: 100");
              call.write(new byte[] {'{'});
              call.close();
            },
            502,
            "provider_error",
            "closed"),
        failure(
            "not HTTP",
            call -> call.write("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
            502,
            "provider_error",
            "not HTTP"),
        failure(
            "200 with an error",
            call -> call.json(200, "{\"error\":{\"message\":\"no capacity\",\"code\":502}}"),
            502,
            "provider_error",
            "no capacity"),
        failure(
            "200 with a page",
            call -> {
              call.head(200, "text/html", "Content-Length: 14");
              call.write("<html></html>\n".getBytes(StandardCharsets.US_ASCII));
            },
            502,
            "provider_error",
            "no chat completion"),
        failure(
            "too large, announced",
            call -> call.head(200, "application/json", "Content-Length: 70000000"),
            502,
            "provider_error",
            "larger than"),
        failure("too large", FailoverIT::tooLarge, 502, "provider_error", "larger than"));
  }

  private static Arguments status(int status, String body, int told, String code) {
    return failure(
        Integer.toString(status),
        call -> call.json(status, body, "Retry-After: 7", "Location: " + second.baseUrl()),
        told,
        code,
        "answered " + status);
  }

  private static Arguments failure(
      String name, Behaviour behaviour, int status, String code, String reason) {
    return Arguments.of(name, behaviour, status, code, reason);
  }

  private static void tooLarge(FakeProvider.Call call) throws IOException {
    call.head(200, "application/json", "Transfer-Encoding: chunked");
    byte[] blanks = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < TOO_MANY_MEBIBYTES; i++) {
      call.chunk(blanks, 0, blanks.length);
    }
  }

  static Stream<Arguments> streamFailures() {
    return Stream.of(
        failure(
            "head, then silence",
            call -> {
              call.beginStream();
              call.awaitLeaving();
            },
            504,
            "provider_timeout",
            "no first token within 500 ms"),
        failure(
            "comments, then silence",
            call -> {
              call.beginStream();
              call.chunk(": wait\n\n");
              call.awaitLeaving();
            },
            504,
            "provider_timeout",
            "no first token within 500 ms"),
        failure(
            "an empty stream",
            call -> {
              call.beginStream();
              call.endChunks();
            },
            502,
            "provider_error",
            "empty stream"),
        failure(
            "a head, then the end",
            call -> {
              call.beginStream();
              call.close();
            },
            502,
            "provider_error",
            "closed"),
        failure(
            "an error as its first event",
            call -> {
              call.beginStream();
              call.event("{\"error\":{\"message\":\"no slot\"}}");
            },
            502,
            "provider_error",
            "no slot"),
        failure(
            "an event without an end",
            call -> {
              call.beginStream();
              endless(call);
            },
            502,
            "provider_error",
            "an event is longer"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"failures"})
  void theSecondAnswersAWhole(
      String name, Behaviour behaviour, int status, String code, String reason) {
    first.behave(behaviour);
    HttpResponse<String> answer = gateway.chat(WHOLE);
    assertThat(answer.body()).contains("\"content\":\"second\"");
    assertThat(answer.headers().firstValue("X-Route-Provider")).contains("second");
    eachWasAskedOnce();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"failures", "streamFailures"})
  void theSecondAnswersAStream(
      String name, Behaviour behaviour, int status, String code, String reason) throws Exception {
    first.behave(behaviour);
    try (RawClient client = RawClient.chat(gateway, streaming(WHOLE))) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("X-Route-Provider")).isEqualTo("second");
      assertThat(StreamIT.contentOf(client.rest())).isEqualTo("second");
    }
    eachWasAskedOnce();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"failures", "streamFailures"})
  void whereNoneIsLeftTheClientLearnsWhy(
      String name, Behaviour behaviour, int status, String code, String reason) throws Exception {
    first.behave(behaviour);
    try (RawClient client = RawClient.chat(gateway, streaming(WHOLE.replace("auto", "first/m")))) {
      assertThat(client.status()).isEqualTo(status);
      assertThat(client.header("x-iir-error-source")).isEqualTo("provider");
      assertThat(client.header("Retry-After")).isEqualTo(status == 429 ? "7" : null);
      JsonNode error = new ObjectMapper().readTree(client.rest()).path("error");
      assertThat(error.path("code").asText()).isEqualTo(code);
      assertThat(error.path("message").asText()).contains("first/m").contains(reason);
    }
  }

  // ---- a stream where a whole answer was asked for

  static Stream<Arguments> strayStreams() {
    return Stream.of(
        strayStream("closes", FakeProvider.Call::close, "ended before its answer did"),
        strayStream("ends unfinished", FakeProvider.Call::endChunks, "no closing event"),
        strayStream(
            "ends with an error",
            call -> call.event("{\"error\":{\"message\":\"no slot\"}}"),
            "answered 502: no slot"),
        strayStream("is no JSON", call -> call.event("busy"), "not JSON"),
        strayStream("goes silent", FakeProvider.Call::awaitLeaving, "no whole answer within"),
        strayStream("has no end to an event", FailoverIT::endless, "an event is longer"));
  }

  private static Arguments strayStream(String name, Behaviour end, String reason) {
    Behaviour stream =
        call -> {
          call.beginStream();
          call.token("half");
          end.answer(call);
        };
    return Arguments.of(name, stream, reason);
  }

  private static void endless(FakeProvider.Call call) throws IOException {
    String blanks = " ".repeat(1 << 20);
    for (int i = 0; i < 10; i++) {
      call.chunk(blanks);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strayStreams")
  void aStrayStreamThatBreaksIsNoAnswer(String name, Behaviour behaviour, String reason) {
    first.behave(behaviour);
    HttpResponse<String> answer = gateway.chat(WHOLE);
    assertThat(Gateway.json(answer.body()).at("/choices/0/message/content").asText())
        .isEqualTo("second");
    eachWasAskedOnce();
    assertThat(gateway.chat(WHOLE.replace("auto", "first/m")).body()).contains(reason);
  }

  static Stream<Arguments> wholeStrayStreams() {
    return Stream.of(
        Arguments.of("ends well", (Behaviour) FakeProvider.Call::endChunks),
        Arguments.of("closes the connection", (Behaviour) FakeProvider.Call::close),
        Arguments.of("is done but goes on", (Behaviour) FakeProvider.Call::awaitLeaving));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wholeStrayStreams")
  void aStrayStreamIsGatheredIntoTheWholeThatWasAskedFor(String name, Behaviour end) {
    first.behave(call -> {
      call.beginStream();
      call.chunk(": working\n\n");
      call.token("Hello");
      call.token(" there");
      call.event(Chunks.FINISH);
      call.event(Chunks.usage(5, 2));
      call.event("[DONE]");
      end.answer(call);
    });
    HttpResponse<String> answer = gateway.chat(WHOLE);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    JsonNode completion = Gateway.json(answer.body());
    assertThat(completion.path("object").asText()).isEqualTo("chat.completion");
    assertThat(completion.at("/choices/0/message/content").asText()).isEqualTo("Hello there");
    assertThat(completion.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(completion.at("/usage/completion_tokens").asInt()).isEqualTo(2);
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void aStrayStreamMayEndWithItsFinishReason() {
    first.behave(call -> {
      call.beginStream();
      call.token("Hello");
      call.event(Chunks.FINISH);
      call.endChunks();
    });
    assertThat(Gateway.json(gateway.chat(WHOLE).body()).at("/choices/0/message/content").asText())
        .isEqualTo("Hello");
  }

  private static void eachWasAskedOnce() {
    assertThat(first.calls()).hasSize(1);
    assertThat(second.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422})
  void aFaultOfTheClientsIsNotTriedElsewhere(int status) {
    String body =
        "{\"error\":{\"message\":\"no such"
            + " role\",\"type\":\"invalid_request_error\",\"param\":\"messages\",\"code\":null}}";
    first.behave(call -> call.json(status, body));
    HttpResponse<String> answer = gateway.chat(WHOLE);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers().firstValue("x-iir-error-source")).contains("provider");
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void aModelThatIsMissingIsTriedElsewhere() {
    first.behave(call -> call.json(404, "{\"error\":{\"message\":\"no such model\"}}"));
    assertThat(gateway.chat(WHOLE).body()).contains("second");
    HttpResponse<String> alone = gateway.chat(WHOLE.replace("auto", "first/m"));
    assertThat(alone.statusCode()).isEqualTo(404);
    assertThat(alone.body()).contains("no such model");
  }

  @Test
  void whereAllFailEachIsNamedWithItsReason() throws Exception {
    first.behave(FakeProvider.Call::awaitLeaving);
    second.behave(call -> call.json(429, "{\"error\":{\"message\":\"slow down\"}}"));
    HttpResponse<String> answer = gateway.chat(WHOLE);
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(new ObjectMapper().readTree(answer.body()).path("error").path("message").asText())
        .isEqualTo(
            "no target answered: first/m no whole answer within 3000 ms;"
                + " second/m answered 429: slow down");
  }

  // ---- no connection at all

  @ParameterizedTest
  @ValueSource(
      strings = {
        "closed: connection refused",
        "nowhere: unknown host",
        "plain: TLS handshake failed: it does not speak TLS"
      })
  void anUnreachableTargetIsNamed(String expected) throws Exception {
    String[] parts = expected.split(": ", 2);
    HttpResponse<String> answer = gateway.chat(WHOLE.replace("auto", parts[0] + "/m"));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    JsonNode error = new ObjectMapper().readTree(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("no_target_available");
    assertThat(error.path("message").asText()).contains(parts[0] + "/m " + parts[1]);
  }

  // ---- connections that have gone stale

  @Test
  void aStaleConnectionIsRetriedOnceUnseen() {
    List<FakeProvider.Call> served = new ArrayList<>();
    second.behave(FailoverIT::answerWell);
    warmUp();
    second.behave(call -> {
      synchronized (served) {
        served.add(call);
        if (served.size() == 1) {
          call.close();
          return;
        }
      }
      answerWell(call);
    });
    HttpResponse<String> answer = onTheSameConnection("second/m");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(served).hasSize(2);
  }

  @Test
  void aStaleConnectionIsNotRetriedTwice() {
    warmUp();
    second.calls().clear();
    second.behave(FakeProvider.Call::close);
    HttpResponse<String> answer = onTheSameConnection("second/m");
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(second.calls()).hasSize(2);
  }

  /** Leaves an idle connection to the second provider on the loop of the client's connection. */
  private static void warmUp() {
    assertThat(onTheSameConnection("second/m").statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> onTheSameConnection(String model) {
    return gateway.chat(WHOLE.replace("auto", model));
  }

  @Test
  void aProviderMayCloseAfterEachAnswerUnannounced() throws Exception {
    second.behave(call -> {
      answerWell(call);
      call.close();
    });
    for (int i = 0; i < 50; i++) {
      HttpResponse<String> answer = onTheSameConnection("second/m");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(gateway.chat(streaming(WHOLE.replace("auto", "second/m"))).body())
          .endsWith("[DONE]\n\n");
    }
    assertThat(second.calls()).hasSize(100);
  }

  // ---- bounded connections

  @Test
  void oneConnectionOnePlaceInTheQueueAndNoMore() throws Exception {
    Semaphore goOn = new Semaphore(0);
    second.behave(call -> {
      StreamIT.take(goOn);
      answerWell(call);
    });
    String ask = WHOLE.replace("auto", "narrow/m");
    GatewayServer server = gateway.bean(GatewayServer.class);
    // Several rounds: the clients' connections fall on different event loops.
    for (int round = 1; round <= 10; round++) {
      int calls = second.calls().size();
      try (RawClient served = RawClient.chat(gateway, ask)) {
        await().until(() -> second.calls().size() == calls + 1);
        try (RawClient queued = RawClient.chat(gateway, ask)) {
          await().until(() -> server.inFlight() == 2);
          HttpResponse<String> refused = gateway.chat(ask);
          assertThat(refused.statusCode()).isEqualTo(503);
          assertThat(refused.body())
              .contains("no_target_available")
              .contains("all 1 connections are in use and 1 calls wait");
          goOn.release();
          assertThat(served.status()).isEqualTo(200);
          goOn.release();
          assertThat(queued.status()).isEqualTo(200);
        }
      }
      await().until(() -> server.inFlight() == 0);
    }
  }

  @Test
  void providersAtOneOriginHaveTheirOwnBounds() throws Exception {
    Semaphore goOn = new Semaphore(0);
    second.behave(call -> {
      StreamIT.take(goOn);
      answerWell(call);
    });
    GatewayServer server = gateway.bean(GatewayServer.class);
    String narrow = WHOLE.replace("auto", "narrow/m");
    try (RawClient served = RawClient.chat(gateway, narrow);
        RawClient queued = RawClient.chat(gateway, narrow);
        RawClient other = RawClient.chat(gateway, WHOLE.replace("auto", "second/m"))) {
      await().until(() -> server.inFlight() == 3);
      await().until(() -> second.calls().size() == 2);
      assertThat(gateway.chat(narrow).body()).contains("all 1 connections are in use");
      goOn.release(3);
      assertThat(other.status()).isEqualTo(200);
      assertThat(served.status()).isEqualTo(200);
      assertThat(queued.status()).isEqualTo(200);
    }
  }

  private static String streaming(String ask) {
    return ask.replace("{\"model\"", "{\"stream\":true,\"model\"");
  }
}
