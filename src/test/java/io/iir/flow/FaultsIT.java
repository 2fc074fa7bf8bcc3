package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.Chunks;
import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Behaviour;
import io.iir.testing.FakeProvider.Call;
import io.iir.testing.FreePort;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client gets when a provider misbehaves, with nobody else to ask and with a second one. */
class FaultsIT {

  private static final int HUGE_MEBIBYTES = 100;

  /** Asks {@code first} and {@code second}; with the strategy {@code fastest}, one that refuses. */
  private static final String RULES =
      """
      - route:
          id: provider-choice
          description: Choose what the test wants
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - setVariable: {id: provider-choice.reason, name: reason, constant: test}
              - choice:
                  id: provider-choice.cases
                  when:
                    - id: provider-choice.named
                      simple: "${variable.strategy} == 'pass-through'"
                      steps:
                        - setVariable: {id: provider-choice.one, name: targets, simple: "${variable.provider}/${variable.model}"}
                    - id: provider-choice.closed
                      simple: "${variable.strategy} == 'fastest'"
                      steps:
                        - setVariable: {id: provider-choice.two, name: targets, constant: "closed/m, second/m"}
                  otherwise:
                    id: provider-choice.otherwise
                    steps:
                      - setVariable: {id: provider-choice.all, name: targets, constant: "first/m, second/m"}
      """;

  @TempDir static Path routes;
  private static FakeProvider first;
  private static FakeProvider second;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    first = new FakeProvider(call -> call.json(500, "{}"));
    second = new FakeProvider(call -> answer(call, "second"));
    int closed = FreePort.find();
    Files.writeString(routes.resolve("provider-choice.camel.yaml"), RULES);
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider(
                    "first",
                    first.baseUrl(),
                    "timeouts.first-token=400ms",
                    "timeouts.between-tokens=400ms",
                    "timeouts.total=1200ms"),
                Gateway.provider("second", second.baseUrl()),
                Gateway.provider("closed", "http://127.0.0.1:%d/v1".formatted(closed)),
                new String[] {
                  "iir.routes-dir=" + routes,
                  "iir.cache.enabled=false",
                  "iir.retry.backoff=20ms",
                  "iir.retry.budget=1",
                  "iir.breaker.minimum-calls=1000"
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
  }

  @BeforeEach
  void forget() {
    first.hangUp();
    first.calls().clear();
    second.calls().clear();
    second.behave(call -> answer(call, "second"));
  }

  private static void answer(Call call, String text) throws IOException {
    if (call.body().contains("\"stream\":true")) {
      call.beginStream();
      call.token(text);
      call.endStream(5, 1);
    } else {
      call.completion(text, 5, 1);
    }
  }

  /** As {@code fault} where {@code bad} holds for the number of the call, from 1; else well. */
  private static Behaviour sometimes(IntPredicate bad, Behaviour fault) {
    AtomicInteger calls = new AtomicInteger();
    return call -> {
      if (bad.test(calls.incrementAndGet())) {
        fault.answer(call);
      } else {
        answer(call, "first");
      }
    };
  }

  /** {@code alone}: the content, or the error's code, that a client gets with no other target. */
  private static Arguments fault(String name, Behaviour behaviour, int status, String alone) {
    return Arguments.of(name, behaviour, status, alone);
  }

  /** What happens before the first byte of an answer. */
  static Stream<Arguments> faults() {
    return Stream.of(
        fault("resets", Call::reset, 502, "provider_error"),
        fault("hangs before its head", Call::awaitLeaving, 504, "provider_timeout"),
        fault("a rate limit that lasts", rateLimit("0.1"), 429, "rate_limit_exceeded"),
        fault("a rate limit for a minute", rateLimit("60"), 429, "rate_limit_exceeded"),
        fault("a rate limit, once", sometimes(n -> n == 1, rateLimit("1")), 200, "first"),
        fault("fails", call -> call.json(500, "{}"), 502, "provider_error"),
        fault(
            "fails half of the time",
            sometimes(n -> n % 2 == 1, call -> call.json(500, "{}")),
            200,
            "first"),
        fault("resets, once", sometimes(n -> n == 1, Call::reset), 200, "first"),
        fault("overloaded, once", sometimes(n -> n == 1, c -> c.json(529, "{}")), 200, "first"),
        fault(
            "broken JSON", call -> call.json(200, "{\"choices\":[{\"mess"), 502, "provider_error"),
        fault("100 MB, announced", FaultsIT::hugeAnnounced, 502, "provider_error"),
        fault("100 MB in chunks", FaultsIT::huge, 502, "provider_error"),
        fault("a slow loris head", FaultsIT::slowHead, 504, "provider_timeout"),
        fault("a slow loris body", FaultsIT::slowBody, 504, "provider_timeout"));
  }

  /** The same, of streams. */
  static Stream<Arguments> streamFaults() {
    return Stream.of(
        fault(
            "hangs before the first event",
            call -> {
              call.beginStream();
              call.awaitLeaving();
            },
            504,
            "provider_timeout"),
        fault(
            "broken SSE",
            call -> {
              call.beginStream();
              call.event("{\"choices\":[{\"delta\"");
              call.token("too late");
              call.endStream(1, 1);
            },
            502,
            "provider_error"),
        fault(
            "broken SSE behind an event of the same packet",
            call -> {
              call.beginStream();
              call.chunk("data: %s\n\ndata: {\"cho\n\n".formatted(Chunks.token("never seen")));
              call.awaitLeaving();
            },
            502,
            "provider_error"),
        fault(
            "an event of 100 MB",
            call -> {
              call.beginStream();
              mebibytes(call);
            },
            502,
            "provider_error"),
        fault(
            "a slow loris event",
            call -> {
              call.beginStream();
              trickle(call);
            },
            504,
            "provider_timeout"));
  }

  private static Behaviour rateLimit(String retryAfter) {
    return call ->
        call.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: " + retryAfter);
  }

  private static void hugeAnnounced(Call call) throws IOException {
    call.head(200, "application/json", "Content-Length: " + (HUGE_MEBIBYTES << 20));
    byte[] blanks = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < HUGE_MEBIBYTES; i++) {
      call.write(blanks);
    }
  }

  private static void huge(Call call) throws IOException {
    call.head(200, "application/json", "Transfer-Encoding: chunked");
    mebibytes(call);
  }

  private static void mebibytes(Call call) throws IOException {
    byte[] blanks = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < HUGE_MEBIBYTES; i++) {
      call.chunk(blanks, 0, blanks.length);
    }
  }

  private static void slowHead(Call call) throws IOException {
    for (byte next : "HTTP/1.1 200 OK\r\nContent-Type: ".getBytes(StandardCharsets.US_ASCII)) {
      call.write(new byte[] {next});
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static void slowBody(Call call) throws IOException {
    call.head(200, "application/json", "Content-Length: 1000");
    for (int i = 0; i < 100; i++) {
      call.write(new byte[] {' '});
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static void trickle(Call call) throws IOException {
    for (int i = 0; i < 100; i++) {
      call.chunk(i == 0 ? "data: {" : " ");
      LockSupport.parkNanos(100_000_000);
    }
  }

  // ---- two targets: the client sees nothing of it

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void theSecondAnswersAWhole(String name, Behaviour behaviour, int status, String alone)
      throws Exception {
    first.behave(behaviour);
    assertThat(whole("auto")).isEqualTo(new Got(200, "second"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"faults", "streamFaults"})
  void theSecondAnswersAStream(String name, Behaviour behaviour, int status, String alone)
      throws Exception {
    first.behave(behaviour);
    assertThat(stream("auto")).isEqualTo(new Got(200, "second"));
  }

  @Test
  void theSecondAnswersWhereTheFirstRefusesConnections() throws Exception {
    assertThat(whole("auto/fast")).isEqualTo(new Got(200, "second"));
    assertThat(stream("auto/fast")).isEqualTo(new Got(200, "second"));
  }

  // ---- one target: it is asked once more where that may help

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aloneAWholeIsAnsweredOrTheClientLearnsWhy(
      String name, Behaviour behaviour, int status, String alone) throws Exception {
    first.behave(behaviour);
    assertThat(whole("first/m")).isEqualTo(new Got(status, alone));
    assertThat(first.calls()).hasSizeLessThanOrEqualTo(3);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"faults", "streamFaults"})
  void aloneAStreamIsAnsweredOrTheClientLearnsWhy(
      String name, Behaviour behaviour, int status, String alone) throws Exception {
    first.behave(behaviour);
    assertThat(stream("first/m")).isEqualTo(new Got(status, alone));
    assertThat(first.calls()).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void aRefusedConnectionIsTriedAgain() throws Exception {
    double before = retries("closed");
    assertThat(whole("closed/m")).isEqualTo(new Got(503, "no_target_available"));
    assertThat(stream("closed/m")).isEqualTo(new Got(503, "no_target_available"));
    assertThat(retries("closed") - before).isEqualTo(4);
  }

  // ---- after the first byte

  @Test
  void aStreamThatHangsMidwayEndsWithAnError() throws Exception {
    first.behave(call -> {
      call.beginStream();
      call.token("half");
      call.awaitLeaving();
    });
    for (String model : List.of("auto", "first/m")) {
      String rest = raw(model);
      assertThat(rest).contains("half").contains("\"code\":\"provider_timeout\"");
      assertThat(rest).doesNotContain("[DONE]").doesNotContain("second");
    }
    assertThat(first.calls()).hasSize(2);
  }

  @Test
  void aStreamWhoseEventsBreakMidwayEndsWithAnError() throws Exception {
    first.behave(call -> {
      call.beginStream();
      call.token("half");
      LockSupport.parkNanos(50_000_000);
      call.event("{\"choices\":[{\"del");
      call.endStream(1, 1);
    });
    String rest = raw("first/m");
    assertThat(rest).contains("half").contains("not JSON").contains("\"code\":\"provider_error\"");
    assertThat(rest).doesNotContain("[DONE]").doesNotContain("[{\"del");
  }

  private static double retries(String provider) {
    return gateway
        .bean(MeterRegistry.class)
        .find("iir.backend.retries")
        .tags("gen_ai.provider.name", provider, "outcome", "made")
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /**
   * What a client got.
   *
   * @param text the answer's content, or the error's code
   */
  private record Got(int status, String text) {}

  private static String ask(String model) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
        .formatted(model);
  }

  private static Got whole(String model) throws IOException {
    try (RawClient client = RawClient.chat(gateway, ask(model))) {
      int status = client.status();
      String body = client.rest();
      return new Got(
          status,
          Gateway.json(body)
              .at(status == 200 ? "/choices/0/message/content" : "/error/code")
              .asText());
    }
  }

  private static Got stream(String model) throws IOException {
    try (RawClient client =
        RawClient.chat(gateway, ask(model).replace("{\"model\"", "{\"stream\":true,\"model\""))) {
      int status = client.status();
      String body = client.rest();
      return new Got(
          status,
          status == 200 ? StreamIT.contentOf(body) : Gateway.json(body).at("/error/code").asText());
    }
  }

  private static String raw(String model) throws IOException {
    try (RawClient client =
        RawClient.chat(gateway, ask(model).replace("{\"model\"", "{\"stream\":true,\"model\""))) {
      assertThat(client.status()).isEqualTo(200);
      return client.rest();
    }
  }
}
