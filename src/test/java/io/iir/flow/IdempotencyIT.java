package io.iir.flow;

import static io.iir.testing.Gateway.all;
import static io.iir.testing.Gateway.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request with an Idempotency-Key is answered once, whatever its client does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyIT {

  private static final String WHOLE =
      """
      {"model":"p/m","messages":[{"role":"user","content":"hi"}]}\
      """;
  private static final String STREAM =
      """
      {"model":"p/m","stream":true,"messages":[{"role":"user","content":"hi"}]}\
      """;
  private static final String KEY = "Idempotency-Key";

  private final FakeProvider provider = new FakeProvider(call -> call.completion("one", 3, 1));
  private Gateway gateway;

  @BeforeAll
  void start() {
    gateway =
        Gateway.start(
            all(
                provider("p", provider.baseUrl()),
                new String[] {
                  "iir.cache.enabled=false",
                  "iir.idempotency.max-answer=64KB",
                  "iir.retry.attempts=0"
                }));
  }

  @AfterEach
  void forget() {
    provider.behave(call -> call.completion("one", 3, 1));
    provider.calls().clear();
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @Test
  void aRepetitionGetsTheFirstAnswer() {
    HttpResponse<String> first = gateway.chat(WHOLE, KEY, "\"again-1\"");
    HttpResponse<String> again = gateway.chat(WHOLE, KEY, "\"again-1\"");
    HttpResponse<String> bare = gateway.chat(WHOLE, KEY, "again-1");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(header(first, "Idempotent-Replayed")).isEmpty();
    for (HttpResponse<String> each : List.of(again, bare)) {
      assertThat(each.statusCode()).isEqualTo(200);
      assertThat(each.body()).isEqualTo(first.body());
      assertThat(header(each, "Idempotent-Replayed")).isEqualTo("true");
      assertThat(header(each, "Content-Type")).isEqualTo(header(first, "Content-Type"));
      assertThat(header(each, "X-Route-Model")).isEqualTo("m");
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void aStreamIsRepeatedAsAStream() {
    provider.behave(call -> {
      call.beginStream();
      call.token("a");
      call.token("b");
      call.endStream(3, 2);
    });
    HttpResponse<String> first = gateway.chat(STREAM, KEY, "stream-1");
    HttpResponse<String> again = gateway.chat(STREAM, KEY, "stream-1");

    assertThat(first.body()).contains("[DONE]");
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(header(again, "Content-Type")).startsWith("text/event-stream");
    assertThat(header(again, "Idempotent-Replayed")).isEqualTo("true");
    assertThat(provider.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {WHOLE, STREAM})
  void aRepetitionWaitsForTheFirst(String body) {
    CountDownLatch go = new CountDownLatch(1);
    provider.behave(call -> {
      if (body.equals(STREAM)) {
        call.beginStream();
        call.token("a");
        go.await();
        call.endStream(3, 1);
      } else {
        go.await();
        call.completion("late", 3, 1);
      }
    });
    String key = "during-" + body.length();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(send(body, key));
    }
    await().until(() -> provider.calls().size() == 1);
    answers.add(send(body, key));
    go.countDown();

    List<HttpResponse<String>> all = answers.stream().map(CompletableFuture::join).toList();
    assertThat(all).allSatisfy(each -> assertThat(each.statusCode()).isEqualTo(200));
    assertThat(all.stream().map(HttpResponse::body).distinct()).hasSize(1);
    assertThat(all.stream().filter(each -> header(each, "Idempotent-Replayed").isEmpty()))
        .hasSize(1);
    assertThat(provider.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {WHOLE, STREAM})
  void aClientThatLeavesGetsTheAnswerWhenItComesBack(String body) throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    provider.behave(call -> {
      if (body.equals(STREAM)) {
        call.beginStream();
        call.token("a");
        go.await();
        for (int i = 0; i < 100; i++) {
          call.token("b" + i);
        }
        call.endStream(3, 101);
      } else {
        go.await();
        call.completion("kept", 3, 1);
      }
    });
    String key = "leaves-" + body.length();
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(raw(body, key));
      await().until(() -> provider.calls().size() == 1);
      if (body.equals(STREAM)) {
        assertThat(client.head().status()).isEqualTo(200);
      }
    }
    CompletableFuture<HttpResponse<String>> back = send(body, key);
    go.countDown();

    assertThat(back.join().statusCode()).isEqualTo(200);
    assertThat(back.join().body()).contains(body.equals(STREAM) ? "[DONE]" : "kept");
    assertThat(header(back.join(), "Idempotent-Replayed")).isEqualTo("true");
    assertThat(provider.calls()).hasSize(1);
    await().until(() -> inFlight() == 0);
  }

  @Test
  void aClientWithoutKeyThatLeavesEndsItsCall() throws IOException {
    CompletableFuture<Void> left = new CompletableFuture<>();
    provider.behave(call -> {
      call.beginStream();
      call.token("a");
      call.awaitLeaving();
      left.complete(null);
    });
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(raw(STREAM, null));
      assertThat(client.head().status()).isEqualTo(200);
    }
    left.join();
  }

  @Test
  void anotherRequestUnderTheSameKeyIsRefused() {
    gateway.chat(WHOLE, KEY, "reused-1");
    HttpResponse<String> other = gateway.chat(WHOLE.replace("hi", "ho"), KEY, "reused-1");
    HttpResponse<String> elsewhere =
        gateway.send(
            gateway
                .request("/v1/completions", KEY, "reused-1")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(WHOLE))
                .build());

    for (HttpResponse<String> each : List.of(other, elsewhere)) {
      assertThat(each.statusCode()).isEqualTo(422);
      assertThat(Gateway.json(each.body()).at("/error/code").asText())
          .isEqualTo("idempotency_key_reused");
    }
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  void anotherRequestIsRefusedWhileTheFirstRuns() {
    CountDownLatch go = new CountDownLatch(1);
    provider.behave(call -> {
      go.await();
      call.completion("late", 3, 1);
    });
    CompletableFuture<HttpResponse<String>> first = send(WHOLE, "reused-2");
    await().until(() -> provider.calls().size() == 1);
    assertThat(gateway.chat(WHOLE.replace("hi", "ho"), KEY, "reused-2").statusCode())
        .isEqualTo(422);
    go.countDown();
    assertThat(first.join().statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyIsItsApiKeysOwn() {
    Gateway.NewKey a = gateway.newKey("{\"name\":\"a\",\"models\":[\"*\"]}");
    Gateway.NewKey b = gateway.newKey("{\"name\":\"b\",\"models\":[\"*\"]}");
    gateway.chat(WHOLE, KEY, "same", "Authorization", "Bearer " + a.secret());
    HttpResponse<String> other =
        gateway.chat(WHOLE, KEY, "same", "Authorization", "Bearer " + b.secret());

    assertThat(header(other, "Idempotent-Replayed")).isEmpty();
    assertThat(provider.calls()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void aFailureIsTriedAgain(int status) {
    provider.behave(call -> call.json(status, "{\"error\":{\"message\":\"no\"}}"));
    HttpResponse<String> failed = gateway.chat(WHOLE, KEY, "failed-" + status);
    provider.behave(call -> call.completion("well", 3, 1));
    HttpResponse<String> again = gateway.chat(WHOLE, KEY, "failed-" + status);

    assertThat(failed.statusCode()).isGreaterThanOrEqualTo(429);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(header(again, "Idempotent-Replayed")).isEmpty();
  }

  @Test
  void aBrokenStreamIsTriedAgain() {
    provider.behave(call -> {
      call.beginStream();
      call.token("a");
      call.reset();
    });
    HttpResponse<String> broken = gateway.chat(STREAM, KEY, "broken-1");
    provider.behave(call -> {
      call.beginStream();
      call.token("b");
      call.endStream(3, 1);
    });
    HttpResponse<String> again = gateway.chat(STREAM, KEY, "broken-1");

    assertThat(broken.body()).doesNotContain("[DONE]");
    assertThat(again.body()).contains("[DONE]");
  }

  /** A provider that ends its answer too early, and a client that ends its request too early. */
  @Test
  void aBodyThatIsBrokenOffIsTriedAgain() throws IOException {
    provider.behave(call -> {
      call.head(200, "application/json", "Content-Length: 400");
      call.write("{\"id\":\"c\",\"object\":\"chat".getBytes(StandardCharsets.UTF_8));
      call.close();
    });
    HttpResponse<String> broken = gateway.chat(WHOLE, KEY, "broken-2");
    assertThat(broken.statusCode()).isEqualTo(502);
    provider.calls().clear();
    provider.behave(call -> call.completion("whole", 3, 1));
    try (RawHttp client = new RawHttp(gateway.port())) {
      String request = raw(WHOLE, "broken-2");
      client.send(request.substring(0, request.length() - 10));
    }
    await().until(() -> inFlight() == 0);
    assertThat(provider.calls()).isEmpty();
    HttpResponse<String> again = gateway.chat(WHOLE, KEY, "broken-2");

    assertThat(again.body()).contains("whole");
    assertThat(header(again, "Idempotent-Replayed")).isEmpty();
    assertThat(provider.calls()).hasSize(1);
  }

  /** 16 copies of 64 KB, or at most 26 of 40 KB; their room is free again when they are saved. */
  @Test
  void answersUnderWayAreCopiedOnlyWhileThereIsRoomForAllTogether() {
    int streams = 30;
    String text = "y".repeat(40_000);
    CountDownLatch go = new CountDownLatch(1);
    provider.behave(call -> {
      call.beginStream();
      call.token(text);
      go.await();
      call.endStream(3, 1);
    });
    List<CompletableFuture<HttpResponse<InputStream>>> first = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      first.add(stream("room-" + i));
    }
    List<InputStream> bodies =
        first.stream().map(CompletableFuture::join).map(HttpResponse::body).toList();
    bodies.forEach(body -> assertThatNoException().isThrownBy(() -> body.readNBytes(40_000)));
    go.countDown();
    bodies.forEach(body -> assertThatNoException().isThrownBy(body::readAllBytes));

    List<Integer> again =
        range(streams).map(i -> gateway.chat(STREAM, KEY, "room-" + i).statusCode()).toList();
    int kept = Collections.frequency(again, 200);
    assertThat(kept).isBetween(16, 26);
    assertThat(Collections.frequency(again, 409)).isEqualTo(streams - kept);
    assertThat(provider.calls()).hasSize(streams);

    List<Integer> later =
        range(streams)
            .peek(i -> gateway.chat(STREAM, KEY, "later-" + i))
            .map(i -> gateway.chat(STREAM, KEY, "later-" + i).statusCode())
            .toList();
    assertThat(later).containsOnly(200);
    assertThat(provider.calls()).hasSize(2 * streams);
  }

  private static Stream<Integer> range(int end) {
    return IntStream.range(0, end).boxed();
  }

  private CompletableFuture<HttpResponse<InputStream>> stream(String key) {
    return gateway
        .client()
        .sendAsync(
            gateway
                .request("/v1/chat/completions", KEY, key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(STREAM))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  void whoWaitsForAFailureTriesItself() {
    CountDownLatch go = new CountDownLatch(1);
    provider.behave(call -> {
      go.await();
      if (provider.calls().size() == 1) {
        call.json(400, "{\"error\":{\"message\":\"no\"}}");
      } else {
        call.completion("well", 3, 1);
      }
    });
    CompletableFuture<HttpResponse<String>> first = send(WHOLE, "waits-1");
    await().until(() -> provider.calls().size() == 1);
    CompletableFuture<HttpResponse<String>> second = send(WHOLE, "waits-1");
    CompletableFuture<HttpResponse<String>> third = send(WHOLE, "waits-1");
    go.countDown();

    assertThat(first.join().statusCode()).isEqualTo(400);
    assertThat(second.join().statusCode()).isEqualTo(200);
    assertThat(third.join().body()).isEqualTo(second.join().body());
    assertThat(provider.calls()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {WHOLE, STREAM})
  void anAnswerTooLongToKeepIsNotPaidTwice(String body) {
    String text = "x".repeat(70_000);
    provider.behave(call -> {
      if (body.equals(STREAM)) {
        call.beginStream();
        call.token(text);
        call.endStream(3, 1);
      } else {
        call.completion(text, 3, 1);
      }
    });
    HttpResponse<String> first = gateway.chat(body, KEY, "long-" + body.length());
    HttpResponse<String> again = gateway.chat(body, KEY, "long-" + body.length());

    assertThat(first.body()).contains(text);
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(Gateway.json(again.body()).at("/error/code").asText())
        .isEqualTo("idempotency_answer_not_kept");
    assertThat(provider.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "\"open", "\"\"", "\"a\", \"b\"", "\"a\\x\""})
  void aMalformedKeyIsRefused(String key) {
    HttpResponse<String> answer = gateway.chat(WHOLE, KEY, key);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Idempotency-Key");
    assertThat(provider.calls()).isEmpty();
  }

  @Test
  void aKeyIsAtMost255Long() {
    assertThat(gateway.chat(WHOLE, KEY, "k".repeat(255)).statusCode()).isEqualTo(200);
    assertThat(gateway.chat(WHOLE, KEY, "k".repeat(256)).statusCode()).isEqualTo(400);
  }

  private int inFlight() {
    return gateway.bean(io.iir.flow.engine.GatewayServer.class).inFlight();
  }

  private CompletableFuture<HttpResponse<String>> send(String body, String key) {
    return gateway
        .client()
        .sendAsync(
            gateway
                .request("/v1/chat/completions", KEY, key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String raw(String body, @org.jspecify.annotations.Nullable String key) {
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        + "Authorization: Bearer "
        + Gateway.ADMIN_KEY
        + "\r\n"
        + (key == null ? "" : KEY + ": " + key + "\r\n")
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
