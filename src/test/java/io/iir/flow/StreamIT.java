package io.iir.flow;

import static io.iir.testing.Chunks.DONE;
import static io.iir.testing.Chunks.FINISH;
import static io.iir.testing.Chunks.event;
import static io.iir.testing.Chunks.token;
import static io.iir.testing.Chunks.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams, end to end: what a provider sends is what the client gets, when it was sent. */
class StreamIT {

  private static final String ASK =
      """
      {"model":"fake/m","stream":true,"messages":[{"role":"user","content":"Hello"}]}\
      """;
  private static final int SLOW_EVENTS = 3840;
  private static final int SLOW_EVENT_LENGTH = 16 << 10;

  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    String url = provider.baseUrl();
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", url),
                Gateway.provider("hasty", url, "timeouts.between-tokens=300ms"),
                Gateway.provider("brief", url, "timeouts.total=700ms"),
                new String[] {"iir.cache.enabled=false", "iir.breaker.minimum-calls=1000"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  @BeforeEach
  void forget() {
    provider.calls().clear();
  }

  @Test
  void eachChunkLeavesBeforeTheNextIsMade() throws Exception {
    Semaphore received = new Semaphore(0);
    provider.behave(call -> {
      call.beginStream();
      for (int i = 0; i < 20; i++) {
        call.token("t" + i);
        take(received);
      }
      call.endStream(5, 20);
    });
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
      for (int i = 0; i < 20; i++) {
        assertThat(client.event()).isEqualTo(event(token("t" + i)));
        received.release();
      }
      assertThat(client.rest()).isEqualTo(event(FINISH) + DONE);
    }
  }

  // ---- usage

  @Test
  void usageIsAskedForAndTakenOutAgain() throws Exception {
    provider.behave(StreamIT::twoTokens);
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      assertThat(client.rest())
          .isEqualTo(event(token("a")) + event(token("b")) + event(FINISH) + DONE);
    }
    assertThat(provider.call().body()).contains("\"stream_options\":{\"include_usage\":true}");
  }

  @Test
  void usageThatTheClientAskedForStays() throws Exception {
    provider.behave(StreamIT::twoTokens);
    String ask = ASK.replace("\"stream\":true", "\"stream\":true," + options(true));
    try (RawClient client = RawClient.chat(gateway, ask)) {
      assertThat(client.rest())
          .isEqualTo(
              event(token("a")) + event(token("b")) + event(FINISH) + event(usage(5, 2)) + DONE);
    }
    assertThat(provider.call().body()).isEqualTo(ask.replace("fake/m", "m"));
  }

  @Test
  void usageThatTheClientRefusedIsTakenOut() throws Exception {
    provider.behave(StreamIT::twoTokens);
    String ask = ASK.replace("\"stream\":true", "\"stream\":true," + options(false));
    try (RawClient client = RawClient.chat(gateway, ask)) {
      assertThat(client.rest())
          .isEqualTo(event(token("a")) + event(token("b")) + event(FINISH) + DONE);
    }
    assertThat(provider.call().body())
        .isEqualTo(
            ASK.replace("\"stream\":true", "\"stream\":true," + options(true))
                .replace("fake/m", "m"));
  }

  private static String options(boolean usage) {
    return "\"stream_options\":{\"include_usage\":" + usage + "}";
  }

  private static void twoTokens(FakeProvider.Call call) throws IOException {
    call.beginStream();
    call.token("a");
    call.token("b");
    call.endStream(5, 2);
  }

  // ---- what a stream may look like

  static Stream<Arguments> wireForms() {
    String plain = event(token("a")) + event(token("b"));
    return Stream.of(
        Arguments.of("comments", event(token("a")) + ": ping\n\n:\n\n" + event(token("b"))),
        Arguments.of("CRLF line ends", plain.replace("\n", "\r\n")),
        Arguments.of(
            "mixed line ends", event(token("a")) + event(token("b")).replace("\n", "\r\n")),
        Arguments.of("other fields", "event: x\nid: 7\nretry: 1\n" + plain),
        Arguments.of("no blank after the colon", plain.replace("data: ", "data:")),
        Arguments.of(
            "data in several lines", plain.replace(",\"choices\"", ",\ndata: \"choices\"")),
        Arguments.of("spare blank lines", plain.replace("\n\n", "\n\n\n")),
        Arguments.of("umlauts", event(token("Zürich 🚲"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wireForms")
  void bytesArriveAsTheyWereSent(String name, String events) throws Exception {
    byte[] wire = (events + event(FINISH) + DONE).getBytes(StandardCharsets.UTF_8);
    provider.behave(call -> {
      call.beginStream();
      call.chunk(wire, 0, wire.length);
      call.endChunks();
    });
    assertThat(answer(ASK)).isEqualTo(events + event(FINISH) + DONE);
    provider.behave(call -> {
      call.beginStream();
      for (int i = 0; i < wire.length; i++) {
        call.chunk(wire, i, 1);
      }
      call.endChunks();
    });
    assertThat(answer(ASK)).isEqualTo(events + event(FINISH) + DONE);
  }

  @Test
  void eventsMayBeSplitAnywhere() throws Exception {
    String events = "id: 1\r\n" + event(token("a")) + event(FINISH) + DONE;
    byte[] wire = events.getBytes(StandardCharsets.UTF_8);
    for (int i = 1; i < wire.length; i++) {
      int cut = i;
      provider.behave(call -> {
        call.beginStream();
        call.chunk(wire, 0, cut);
        call.chunk(wire, cut, wire.length - cut);
        call.endChunks();
      });
      assertThat(answer(ASK)).as("split at %d", i).isEqualTo(events);
    }
  }

  @Test
  void anEventMayBeLong() throws Exception {
    String long1 = event(token("x".repeat(1 << 20)));
    provider.behave(call -> {
      call.beginStream();
      byte[] wire = long1.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < wire.length; i += 1000) {
        call.chunk(wire, i, Math.min(1000, wire.length - i));
      }
      call.token("b");
      call.endStream(5, 2);
    });
    assertThat(answer(ASK)).isEqualTo(long1 + event(token("b")) + event(FINISH) + DONE);
  }

  @Test
  void theBodyMayEndWithTheConnection() throws Exception {
    provider.behave(call -> {
      call.head(200, "text/event-stream", "Connection: close");
      call.write((event(token("a")) + event(FINISH) + DONE).getBytes(StandardCharsets.UTF_8));
      call.close();
    });
    assertThat(answer(ASK)).isEqualTo(event(token("a")) + event(FINISH) + DONE);
  }

  @Test
  void aWholeAnswerIsReplayedAsAStream() throws Exception {
    provider.behave(call -> call.completion("Hello there", 5, 2));
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
      String all = client.rest();
      assertThat(all).endsWith(DONE).doesNotContain("\"usage\":{");
      assertThat(contentOf(all)).isEqualTo("Hello there");
    }
  }

  // ---- broken streams

  static Stream<Arguments> cuts() {
    return Stream.of(
        Arguments.of("closed", (FakeProvider.Behaviour) FakeProvider.Call::close),
        Arguments.of("reset", (FakeProvider.Behaviour) FakeProvider.Call::reset),
        Arguments.of("ended", (FakeProvider.Behaviour) FakeProvider.Call::endChunks),
        Arguments.of(
            "garbled",
            (FakeProvider.Behaviour) call -> call.write(new byte[] {'x', 'y', 'z', '\r', '\n'})));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cuts")
  void aCutStreamEndsWithAnErrorAndNotAsIfComplete(String name, FakeProvider.Behaviour cut)
      throws Exception {
    Semaphore received = new Semaphore(0);
    provider.behave(call -> {
      call.beginStream();
      for (int i = 0; i < 5; i++) {
        call.token("t" + i);
      }
      take(received);
      cut.answer(call);
    });
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.event()).isEqualTo(event(token("t" + i)));
      }
      received.release();
      JsonNode error = errorIn(client.event());
      assertThat(error.path("code").asText()).isEqualTo("provider_error");
      assertThat(error.path("type").asText()).isEqualTo("server_error");
      assertThat(error.path("message").asText()).contains("fake");
      assertThat(error.has("param")).isTrue();
      assertThat(client.event()).isNull();
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void aCompleteAnswerIsClosedWhereTheProviderForgot() throws Exception {
    provider.behave(call -> {
      call.beginStream();
      call.token("a");
      call.event(FINISH);
      call.endChunks();
    });
    assertThat(answer(ASK)).isEqualTo(event(token("a")) + event(FINISH) + DONE);
  }

  @Test
  void ofSeveralAnswersOneThatFinishedIsNotAll() throws Exception {
    provider.behave(call -> {
      call.beginStream();
      call.token("a");
      call.event(FINISH);
      call.endChunks();
    });
    String all = answer(ASK.replace("\"stream\":true", "\"stream\":true,\"n\":2"));
    assertThat(all).contains("provider_error").doesNotContain("[DONE]");
  }

  @Test
  void aFailureInsteadOfTheFirstEventIsAnErrorAnswer() throws Exception {
    provider.behave(call -> {
      call.beginStream();
      call.event("{\"error\":{\"message\":\"out of memory\",\"code\":500}}");
      call.endChunks();
    });
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      assertThat(client.status()).isEqualTo(502);
      assertThat(client.header("Content-Type")).isEqualTo("application/json");
      assertThat(client.rest()).contains("provider_error").contains("out of memory");
    }
  }

  @Test
  void aFailureInTheStreamIsPassedOnAndEndsIt() throws Exception {
    String failure = "{\"error\":{\"message\":\"out of memory\",\"code\":500}}";
    provider.behave(call -> {
      call.beginStream();
      call.token("a");
      call.event(failure);
      call.token("b");
      call.event("[DONE]");
      call.endChunks();
    });
    assertThat(answer(ASK)).isEqualTo(event(token("a")) + event(failure));
  }

  @Test
  void anEmptyStreamIsAnErrorAnswer() throws Exception {
    provider.behave(call -> {
      call.beginStream();
      call.endChunks();
    });
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      assertThat(client.status()).isEqualTo(502);
      assertThat(client.rest()).contains("empty stream");
    }
  }

  @Test
  void aStreamThatFallsSilentIsBrokenOff() throws Exception {
    provider.behave(call -> {
      call.beginStream();
      call.token("a");
      call.awaitLeaving();
    });
    try (RawClient client = RawClient.chat(gateway, ASK.replace("fake/m", "hasty/m"))) {
      assertThat(client.event()).isEqualTo(event(token("a")));
      JsonNode error = errorIn(client.event());
      assertThat(error.path("code").asText()).isEqualTo("provider_timeout");
      assertThat(error.path("message").asText()).contains("300 ms");
      assertThat(client.event()).isNull();
    }
    provider.call().left().get(5, TimeUnit.SECONDS);
  }

  @Test
  void aStreamThatTakesTooLongInAllIsBrokenOff() throws Exception {
    Semaphore received = new Semaphore(0);
    provider.behave(call -> {
      call.beginStream();
      while (true) {
        call.token("a");
        take(received);
      }
    });
    try (RawClient client = RawClient.chat(gateway, ASK.replace("fake/m", "brief/m"))) {
      String event = client.event();
      while (event(token("a")).equals(event)) {
        received.release();
        event = client.event();
      }
      JsonNode error = errorIn(event);
      assertThat(error.path("code").asText()).isEqualTo("provider_timeout");
      assertThat(error.path("message").asText()).contains("700 ms");
      assertThat(client.event()).isNull();
    }
  }

  // ---- back-pressure

  @Test
  void aSlowReaderHoldsTheProviderBack() throws Exception {
    AtomicLong sent = new AtomicLong();
    String chunk = token("x".repeat(SLOW_EVENT_LENGTH));
    provider.behave(call -> {
      call.beginStream();
      for (int i = 0; i < SLOW_EVENTS; i++) {
        call.event(chunk);
        sent.addAndGet(chunk.length());
      }
      call.endStream(5, SLOW_EVENTS);
    });
    try (RawClient client = RawClient.chat(gateway, 32 << 10, ASK)) {
      String first = client.event();
      assertThat(first).isEqualTo(event(chunk));
      AtomicLong before = new AtomicLong(-1);
      await()
          .pollInterval(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(20))
          .until(() -> before.getAndSet(sent.get()) == sent.get());
      // What the kernel's buffers on both connections hold, and little more.
      assertThat(sent.get()).isLessThan(30L << 20);
      for (int i = 1; i < SLOW_EVENTS; i++) {
        assertThat(client.event()).hasSameSizeAs(first).isEqualTo(first);
      }
      assertThat(client.rest()).isEqualTo(event(FINISH) + DONE);
    }
  }

  // ---- one connection after another

  @ParameterizedTest
  @ValueSource(strings = {"reused", "closed"})
  void streamsFollowEachOtherOnOneConnection(String kind) throws Exception {
    provider.behave(call -> {
      twoTokens(call);
      if (kind.equals("closed")) {
        call.close(); // as llama.cpp does, although it announced to keep it
      }
    });
    try (RawClient client = RawClient.chat(gateway, ASK)) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.rest()).endsWith(DONE);
        client.again(ASK);
      }
      assertThat(client.rest()).endsWith(DONE);
    }
  }

  // ----

  private static String answer(String body) throws IOException {
    try (RawClient client = RawClient.chat(gateway, body)) {
      return client.rest();
    }
  }

  static void take(Semaphore permits) throws Exception {
    if (!permits.tryAcquire(10, TimeUnit.SECONDS)) {
      throw new TimeoutException("the client has not received it");
    }
  }

  static JsonNode errorIn(@Nullable String event) throws IOException {
    String last = Objects.requireNonNull(event, "the stream ended without an error");
    assertThat(last).startsWith("data: {").endsWith("}\n\n");
    return new ObjectMapper().readTree(last.substring(6)).path("error");
  }

  /** The content that a stream's chunks bring, put together. */
  static String contentOf(String stream) throws IOException {
    List<String> pieces = new ArrayList<>();
    for (String event : stream.split("\n\n", -1)) {
      if (!event.isEmpty() && !event.equals("data: [DONE]")) {
        JsonNode delta =
            new ObjectMapper().readTree(event.substring(6)).path("choices").path(0).path("delta");
        pieces.add(delta.path("content").asText(""));
      }
    }
    return String.join("", pieces);
  }
}
