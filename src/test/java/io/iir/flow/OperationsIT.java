package io.iir.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iir.flow.engine.GatewayServer;
import io.iir.metrics.Meters;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.iir.testing.Rules;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.EOFException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The entries of operations other than conversations, end to end. */
class OperationsIT {

  private static final String FORM = "multipart/form-data; boundary=AaB";
  private static final String EMBED = "{\"model\":\"auto\",\"input\":[\"a\",\"b\"]}";
  private static final String VECTORS =
      "{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":[0.1e0]}],\"model\":\"m\","
          + "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}";
  private static final String SPEAK =
      "{\"model\":\"auto\",\"input\":\"Hello\",\"voice\":\"alloy\"}";

  @TempDir static Path routes;
  private static FakeProvider first;
  private static FakeProvider second;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    first = new FakeProvider(call -> call.json(500, "{}"));
    second = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("first", first.baseUrl()),
                Gateway.provider("second", second.baseUrl()),
                Rules.choosing(routes, "first/m, second/m"),
                new String[] {"iir.server.max-body-size=100KB"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
  }

  @BeforeEach
  void forget() {
    first.calls().clear();
    second.calls().clear();
    second.behave(call -> call.json(200, VECTORS));
  }

  @AfterEach
  void nothingStaysBehind() {
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
    first.behave(call -> call.json(200, VECTORS));
    String ask = EMBED.replace("auto", "first/m");
    assertThat(post("embeddings", ask, "Cache-Control", "no-store").statusCode())
        .as("it is up again")
        .isEqualTo(200);
  }

  private static HttpResponse<String> post(String path, String body, String... headers) {
    return gateway.send(
        gateway
            .request("/v1/" + path, headers)
            .header("Content-Type", path.endsWith("transcriptions") ? FORM : "application/json")
            .POST(BodyPublishers.ofString(body, ISO_8859_1))
            .build());
  }

  private static String field(String name, String value) {
    return "--AaB\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, value);
  }

  private static String form(String model, String... fields) {
    return field("file\"; filename=\"a.wav", "RIFF\0\u00ff\r\n--Aa")
        + field("model", model)
        + String.join("", fields)
        + "--AaB--\r\n";
  }

  private static double inputTokens() {
    return gateway
        .bean(MeterRegistry.class)
        .find(Meters.TOKEN_USAGE.id())
        .tag("gen_ai.token.type", "input")
        .summaries()
        .stream()
        .mapToDouble(DistributionSummary::totalAmount)
        .sum();
  }

  private static double counted(String meter, String... tags) {
    return gateway.bean(MeterRegistry.class).find(meter).tags(tags).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          embeddings         | "input":"a"                     | "data":[],"usage":{"prompt_tokens":3,"total_tokens":3} | 3
          rerank             | "query":"a","documents":["b"]   | "results":[{"index":0,"relevance_score":0.9}],"usage":{"total_tokens":5} | 5
          rerank             | "query":"a","documents":["c"]   | "results":[],"meta":{"billed_units":{"search_units":1.0},"tokens":{"input_tokens":6.0}} | 6
          moderations        | "input":"a b c"                 | "results":[{"flagged":false}] | 3
          images/generations | "prompt":"a","n":2              | "data":[{"b64_json":"aGk="}],"usage":{"input_tokens":9,"output_tokens":4,"total_tokens":13} | 9
          """)
  void anAnswerComesBackAsItIs(String path, String fields, String answer, int tokens) {
    String json = "{ \"id\":1.50 , " + answer + "}\n";
    first.behave(call -> call.json(200, json));
    double before = inputTokens();
    HttpResponse<String> got = post(path, "{\"x\":1.0e0, \"model\":\"auto\"," + fields + "}\n");
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(json);
    assertThat(got.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(got.headers().firstValue("X-Route-Provider")).contains("first");
    assertThat(got.headers().firstValue("X-Route-Model")).contains("m");
    assertThat(got.headers().firstValue("X-Classification")).isEmpty();
    assertThat(first.call().target()).isEqualTo("/v1/" + path);
    assertThat(first.call().body()).isEqualTo("{\"x\":1.0e0, \"model\":\"m\"," + fields + "}\n");
    assertThat(first.call().headers().getFirst("Authorization"))
        .isEqualTo("Bearer sk-upstream-first");
    await().untilAsserted(() -> assertThat(inputTokens()).isEqualTo(before + tokens));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          embeddings           | {"model":"auto"}                       | input
          rerank               | {"model":"auto","query":"a"}           | documents
          moderations          | {"model":"auto","input":3}             | input
          images/generations   | {"prompt":"a"}                         | model
          audio/speech         | {"model":"auto","input":""}            | input
          audio/transcriptions | --AaB--                                | model
          """)
  void aBadRequestIsRefusedBeforeAnyCall(String path, String body, String param) {
    HttpResponse<String> got = post(path, body);
    assertThat(got.statusCode()).isEqualTo(400);
    assertThat(Gateway.json(got.body()).at("/error/param").asText()).isEqualTo(param);
    assertThat(Gateway.json(got.body()).at("/error/code").asText()).isEqualTo("invalid_request");
    assertThat(first.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "embeddings",
    "rerank",
    "moderations",
    "images/generations",
    "audio/speech",
    "audio/transcriptions"
  })
  void aKeyIsNeededAndALongBodyIsTooLong(String path) {
    assertThat(post(path, "{}", "Authorization", "Bearer sk-nobody").statusCode()).isEqualTo(401);
    assertThat(post(path, "x".repeat(101 << 10)).statusCode()).isEqualTo(413);
    assertThat(first.calls()).isEmpty();
  }

  @Test
  void anotherMediaTypeIsRefused() {
    HttpResponse<String> json =
        gateway.send(
            gateway
                .request("/v1/audio/transcriptions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"))
                .build());
    assertThat(json.statusCode()).isEqualTo(415);
    HttpResponse<String> form =
        gateway.send(
            gateway
                .request("/v1/embeddings")
                .header("Content-Type", FORM)
                .POST(BodyPublishers.ofString(form("auto")))
                .build());
    assertThat(form.statusCode()).isEqualTo(415);
  }

  @Test
  void aFormWithoutABoundaryIsRefused() {
    HttpResponse<String> got =
        gateway.send(
            gateway
                .request("/v1/audio/transcriptions")
                .header("Content-Type", "multipart/form-data")
                .POST(BodyPublishers.ofString(form("auto")))
                .build());
    assertThat(got.statusCode()).isEqualTo(400);
    assertThat(got.body()).contains("boundary");
  }

  @Test
  void theNextTargetIsAskedWhenOneFails() {
    first.behave(call -> call.json(503, "{}"));
    assertThat(post("embeddings", EMBED, "Cache-Control", "no-store").body()).isEqualTo(VECTORS);
    first.behave(call -> call.json(200, "{\"error\":{\"message\":\"no\"}}"));
    assertThat(post("embeddings", EMBED, "Cache-Control", "no-store").body()).isEqualTo(VECTORS);
    first.behave(call -> call.json(200, "[]"));
    assertThat(post("embeddings", EMBED, "Cache-Control", "no-store").body()).isEqualTo(VECTORS);
    first.behave(FakeProvider.Call::reset);
    assertThat(post("embeddings", EMBED, "Cache-Control", "no-store").body()).isEqualTo(VECTORS);
    assertThat(second.calls()).hasSize(4);
  }

  @Test
  void theClientsOwnFaultComesBack() {
    first.behave(call -> call.json(400, "{\"error\":{\"message\":\"too long\"}}"));
    HttpResponse<String> got = post("embeddings", EMBED, "Cache-Control", "no-store");
    assertThat(got.statusCode()).isEqualTo(400);
    assertThat(got.body()).contains("too long");
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void whatIsNumbersIsKeptAndWhatIsMadeAnewIsNot() {
    first.behave(call -> call.json(200, VECTORS));
    String ask = "{\"model\":\"auto\",\"input\":\"kept\"}";
    assertThat(post("embeddings", ask).headers().firstValue("x-iir-cache")).contains("miss");
    HttpResponse<String> again = post("embeddings", ask);
    assertThat(again.headers().firstValue("x-iir-cache")).contains("hit");
    assertThat(again.body()).isEqualTo(VECTORS);
    assertThat(first.calls()).hasSize(1);
    assertThat(post("moderations", ask).headers().firstValue("x-iir-cache")).contains("miss");
    assertThat(
            post("images/generations", "{\"model\":\"auto\",\"prompt\":\"a\"}")
                .headers()
                .firstValue("x-iir-cache"))
        .contains("bypass");
  }

  @Test
  void limitsHold() {
    String header = gateway.newKey("{\"name\":\"ops\",\"limits\":{\"tpm\":20}}").secret();
    first.behave(call -> call.json(200, VECTORS));
    String[] key = {"Authorization", "Bearer " + header, "Cache-Control", "no-store"};
    assertThat(post("embeddings", EMBED, key).statusCode()).isEqualTo(200);
    HttpResponse<String> refused =
        post("embeddings", EMBED.replace("\"a\"", "\"" + "a ".repeat(50) + "\""), key);
    assertThat(refused.statusCode()).isEqualTo(429);
  }

  @Test
  void soundGoesOnAsItComes() throws Exception {
    Semaphore received = new Semaphore(0);
    byte[] sound = {0, (byte) 0xff, '\r', '\n', 0x7f, 'd', 'a', 't', 'a', ':'};
    first.behave(call -> {
      call.head(200, "audio/mpeg", "Transfer-Encoding: chunked");
      for (int i = 0; i < 3; i++) {
        call.chunk(sound, 0, sound.length);
        StreamIT.take(received);
      }
      call.endChunks();
    });
    try (RawClient client = RawClient.post(gateway, "/v1/audio/speech", 0, SPEAK)) {
      for (int i = 0; i < 3; i++) {
        for (byte each : sound) {
          assertThat(client.read()).isEqualTo(each & 0xff);
        }
        received.release();
      }
      assertThat(client.read()).isEqualTo(-1);
      assertThat(client.header("Content-Type")).isEqualTo("audio/mpeg");
      assertThat(client.header("x-iir-cache")).isEqualTo("bypass");
    }
    assertThat(first.call().body()).contains("\"model\":\"m\"");
  }

  @Test
  void speechFailsOverBeforeItsFirstByte() throws Exception {
    second.behave(call -> {
      call.head(200, "audio/wav", "Content-Length: 4");
      call.write("RIFF".getBytes(UTF_8));
    });
    first.behave(call -> {
      call.head(200, "audio/mpeg", "Content-Length: 100");
      call.reset();
    });
    assertThat(post("audio/speech", SPEAK).body()).isEqualTo("RIFF");
    first.behave(call -> call.head(200, "audio/mpeg", "Content-Length: 0"));
    assertThat(post("audio/speech", SPEAK).body()).isEqualTo("RIFF");
    first.behave(call -> call.json(200, "{\"error\":\"busy\"}"));
    HttpResponse<String> got = post("audio/speech", SPEAK);
    assertThat(got.body()).isEqualTo("RIFF");
    assertThat(got.headers().firstValue("Content-Type")).contains("audio/wav");
    assertThat(got.headers().firstValue("X-Route-Provider")).contains("second");
  }

  @Test
  void soundThatBreaksOffIsNotTakenForWhole() throws Exception {
    double before = counted("iir.requests", "outcome", "broken_stream");
    first.behave(call -> {
      call.head(200, "audio/mpeg", "Transfer-Encoding: chunked");
      call.chunk("some");
      call.reset();
    });
    try (RawClient client = RawClient.post(gateway, "/v1/audio/speech", 0, SPEAK)) {
      assertThat(client.read()).isEqualTo('s');
      assertThatThrownBy(client::rest).isInstanceOf(EOFException.class);
    }
    await().until(() -> counted("iir.requests", "outcome", "broken_stream") == before + 1);
  }

  @Test
  void aListenerThatLeavesEndsTheCall() throws Exception {
    first.behave(call -> {
      call.head(200, "audio/mpeg", "Transfer-Encoding: chunked");
      call.chunk("some");
      call.awaitLeaving();
    });
    try (RawClient client = RawClient.post(gateway, "/v1/audio/speech", 0, SPEAK)) {
      assertThat(client.read()).isEqualTo('s');
    }
    assertThat(first.call().left()).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void aSlowListenerSlowsTheProviderDown() throws Exception {
    Semaphore blocked = new Semaphore(0);
    byte[] piece = new byte[64 << 10];
    first.behave(call -> {
      call.head(200, "audio/pcm", "Transfer-Encoding: chunked");
      for (int i = 0; i < 1_000; i++) {
        call.chunk(piece, 0, piece.length);
        blocked.release();
      }
      call.endChunks();
    });
    try (RawClient client = RawClient.post(gateway, "/v1/audio/speech", 4 << 10, SPEAK)) {
      assertThat(client.read()).isZero();
      await()
          .during(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(20))
          .until(new Still(blocked)::holds);
      assertThat(blocked.availablePermits()).isLessThan(900);
    }
  }

  /** Whether nothing was added since it was asked before. */
  private static final class Still {

    private final Semaphore permits;
    private int before = -1;

    Still(Semaphore permits) {
      this.permits = permits;
    }

    boolean holds() {
      int now = permits.availablePermits();
      boolean same = now == before;
      before = now;
      return same;
    }
  }

  @Test
  void speechAsEventsGoesOnAsItComes() throws Exception {
    String events =
        "data: {\"type\":\"speech.audio.delta\",\"audio\":\"aGk=\"}\n\n"
            + "data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":14,"
            + "\"output_tokens\":101,\"total_tokens\":115}}\n\n";
    first.behave(call -> {
      call.beginStream();
      call.chunk(events);
      call.endChunks();
    });
    HttpResponse<String> got =
        post("audio/speech", SPEAK.replace("}", ",\"stream_format\":\"sse\"}"));
    assertThat(got.body()).isEqualTo(events);
    assertThat(got.headers().firstValue("Content-Type")).contains("text/event-stream");
  }

  @Test
  void aTranscriptionSendsTheFormWithAnotherModel() {
    first.behave(call ->
        call.json(200, "{\"text\":\"Hi\",\"usage\":{\"type\":\"duration\",\"seconds\":2}}"));
    HttpResponse<String> got = post("audio/transcriptions", form("auto", field("language", "de")));
    assertThat(got.body())
        .isEqualTo("{\"text\":\"Hi\",\"usage\":{\"type\":\"duration\",\"seconds\":2}}");
    assertThat(first.call().target()).isEqualTo("/v1/audio/transcriptions");
    assertThat(first.call().headers().getFirst("Content-Type")).isEqualTo(FORM);
    assertThat(new String(first.call().bytes(), ISO_8859_1))
        .isEqualTo(form("m", field("language", "de")));
  }

  @ParameterizedTest
  @CsvSource({"text/plain; charset=utf-8", "application/x-subrip", "text/vtt"})
  void aTranscriptionMayBeText(String type) {
    String text = "1\n00:00:00,000 --> 00:00:01,000\nHi\n";
    first.behave(call -> {
      call.head(200, type, "Content-Length: " + text.length());
      call.write(text.getBytes(UTF_8));
    });
    HttpResponse<String> got =
        post("audio/transcriptions", form("auto", field("response_format", "srt")));
    assertThat(got.body()).isEqualTo(text);
    assertThat(got.headers().firstValue("Content-Type")).contains(type);
  }

  @Test
  void aTranscriptionStreams() throws Exception {
    Semaphore received = new Semaphore(0);
    first.behave(call -> {
      call.beginStream();
      call.event("{\"type\":\"transcript.text.delta\",\"delta\":\"Hi\"}");
      StreamIT.take(received);
      call.event("{\"type\":\"transcript.text.done\",\"text\":\"Hi\"}");
      call.endChunks();
    });
    try (RawClient client =
        RawClient.post(
            gateway,
            "/v1/audio/transcriptions",
            0,
            form("auto", field("stream", "true")).replace("\u00ff", ""),
            "Content-Type: " + FORM)) {
      assertThat(client.event()).contains("transcript.text.delta");
      received.release();
      assertThat(client.event()).contains("transcript.text.done");
      assertThat(client.event()).isNull();
    }
    assertThat(first.call().headers().getFirst("Accept")).isEqualTo("text/event-stream");
  }

  @Test
  void aStreamOfEventsThatBreaksOffSaysSo() {
    first.behave(call -> {
      call.beginStream();
      call.event("{\"type\":\"image_generation.partial_image\",\"b64_json\":\"aGk=\"}");
      call.endChunks();
    });
    HttpResponse<String> got =
        post("images/generations", "{\"model\":\"auto\",\"prompt\":\"a\",\"stream\":true}");
    assertThat(got.body()).contains("partial_image").contains("event: error\ndata: {\"error\"");
  }
}
