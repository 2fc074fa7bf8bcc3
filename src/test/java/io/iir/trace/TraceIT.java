package io.iir.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.testing.Collector;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.OtlpSpan;
import io.iir.testing.RawClient;
import io.iir.testing.Rules;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector of traces gets of requests, over real HTTP. */
class TraceIT {

  private static final int INTERNAL = 1;
  private static final int SERVER = 2;
  private static final int CLIENT = 3;
  private static final String ROOT_SPAN = "00f067aa0ba902b7";
  private static final String PROMPT = "swordfish-prompt";
  private static final String ANSWER = "swordfish-answer";
  private static final AtomicInteger TRACES = new AtomicInteger(0x10);

  @TempDir static Path routes;
  private static Collector collector;
  private static FakeProvider first;
  private static FakeProvider second;
  private static Gateway gateway;
  private String trace = "";

  @BeforeAll
  static void start() {
    collector = new Collector();
    first = new FakeProvider(call -> call.completion(ANSWER, 7, 3));
    second = new FakeProvider(call -> call.completion(ANSWER, 7, 3));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("first", first.baseUrl()),
                Gateway.provider("second", second.baseUrl()),
                Rules.choosing(routes, "first/m, second/m"),
                collector.settings(),
                new String[] {"iir.retry.attempts=0"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
    collector.close();
  }

  @BeforeEach
  void newTrace() {
    trace = "4bf92f3577b34da6a3ce929d0e0e47%02x".formatted(TRACES.incrementAndGet());
    first.behave(call -> call.completion(ANSWER, 7, 3));
    second.behave(call -> call.completion(ANSWER, 7, 3));
    first.calls().clear();
    second.calls().clear();
  }

  @Test
  void aRequestHasASpanWithItsStepsAndItsCallInTheClientsTrace() {
    NewKey key = gateway.newKey("{\"name\":\"traced\",\"team\":\"blue\"}");
    HttpResponse<String> answer =
        gateway.chat(
            body("a whole answer"),
            "traceparent",
            parent("01"),
            "tracestate",
            "vendor=1",
            "x-request-id",
            "req-traced",
            "Authorization",
            "Bearer " + key.secret());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    OtlpSpan server = server();
    assertThat(server.name()).isEqualTo("POST /v1/chat/completions");
    assertThat(server.parentId()).isEqualTo(ROOT_SPAN);
    assertThat(server.status()).isZero();
    assertThat(server.resource()).containsEntry("service.name", "iir");
    assertThat(server.attributes())
        .containsEntry("http.request.method", "POST")
        .containsEntry("http.route", "/v1/chat/completions")
        .containsEntry("http.response.status_code", "200")
        .containsEntry("http.request.id", "req-traced")
        .containsEntry("gen_ai.operation.name", "chat")
        .containsEntry("gen_ai.provider.name", "first")
        .containsEntry("gen_ai.request.model", "auto")
        .containsEntry("gen_ai.response.model", "m")
        .containsEntry("gen_ai.usage.input_tokens", "7")
        .containsEntry("gen_ai.usage.output_tokens", "3")
        .containsEntry("gen_ai.response.finish_reasons", "[stop]")
        .containsEntry("gen_ai.request.stream", "false")
        .containsEntry("iir.cache", "miss")
        .containsEntry("iir.key.id", key.id())
        .containsEntry("iir.team", "blue")
        .containsEntry("iir.outcome", "success")
        .containsKey("iir.route.reason")
        .doesNotContainKey("error.type");
    List<OtlpSpan> steps = ofKind(INTERNAL);
    assertThat(steps)
        .extracting(OtlpSpan::name)
        .containsExactly(
            "authenticate",
            "throttle",
            "classify",
            "cache-lookup",
            "provider-choice",
            "backend-call",
            "cache-store");
    long at = server.start();
    for (OtlpSpan step : steps) {
      assertThat(step.parentId()).isEqualTo(server.spanId());
      assertThat(step.start()).isEqualTo(at);
      at = step.end();
    }
    assertThat(at).isLessThanOrEqualTo(server.end());
    OtlpSpan call = ofKind(CLIENT).getFirst();
    assertThat(call.name()).isEqualTo("chat m");
    assertThat(call.parentId()).isEqualTo(steps.get(5).spanId());
    assertThat(call.start()).isBetween(steps.get(5).start(), steps.get(5).end());
    assertThat(call.attributes())
        .containsEntry("gen_ai.provider.name", "first")
        .containsEntry("gen_ai.response.model", "m")
        .containsEntry("gen_ai.usage.output_tokens", "3")
        .containsEntry("server.address", "127.0.0.1");
    assertThat(first.call().headers().getFirst("traceparent"))
        .isEqualTo("00-%s-%s-01".formatted(trace, call.spanId()));
    assertThat(first.call().headers().getFirst("tracestate")).isEqualTo("vendor=1");
    assertThat(first.call().headers().getFirst("baggage")).isNull();
  }

  @Test
  void aSecondTargetHasASpanOfItsOwn() {
    first.behave(call -> call.json(500, "{\"error\":{\"message\":\"" + PROMPT + "\"}}"));

    assertThat(gateway.chat(body("failover"), "traceparent", parent("01")).statusCode())
        .isEqualTo(200);

    assertThat(server().get("gen_ai.provider.name")).isEqualTo("second");
    List<OtlpSpan> calls = ofKind(CLIENT);
    assertThat(calls).hasSize(2);
    assertThat(calls.getFirst().attributes())
        .containsEntry("gen_ai.provider.name", "first")
        .containsEntry("error.type", "500")
        .containsEntry("http.response.status_code", "500")
        .containsEntry("iir.attempt", "1");
    assertThat(calls.getFirst().status()).isEqualTo(2);
    assertThat(calls.getLast().attributes())
        .containsEntry("gen_ai.provider.name", "second")
        .containsEntry("iir.attempt", "2")
        .doesNotContainKey("error.type");
    assertThat(second.call().headers().getFirst("traceparent"))
        .isEqualTo("00-%s-%s-01".formatted(trace, calls.getLast().spanId()));
  }

  @Test
  void aStreamsSpanEndsWithItsLastByte() throws Exception {
    Semaphore goOn = new Semaphore(0);
    first.behave(call -> {
      call.beginStream();
      call.token(ANSWER);
      goOn.acquireUninterruptibly();
      call.token(ANSWER);
      call.endStream(7, 2);
    });
    try (RawClient client =
        RawClient.chat(gateway, stream("a stream"), "traceparent: " + parent("01"))) {
      assertThat(client.event()).contains(ANSWER);
      long seen = System.currentTimeMillis();
      goOn.release();
      client.rest();

      OtlpSpan call = only(CLIENT);
      assertThat(call.events()).containsExactly("gen_ai.first_token");
      assertThat(call.attributes()).containsKey("gen_ai.response.time_to_first_chunk");
      assertThat(call.end()).isGreaterThanOrEqualTo(seen * 1_000_000);
      OtlpSpan server = server();
      assertThat(call.end()).isLessThanOrEqualTo(server.end());
      assertThat(server.get("gen_ai.request.stream")).isEqualTo("true");
      assertThat(server.get("gen_ai.usage.output_tokens")).isEqualTo("2");
    }
  }

  @Test
  void aStreamThatBreaksOffIsAnError() throws Exception {
    first.behave(call -> {
      call.beginStream();
      call.token(ANSWER);
      call.close();
    });
    try (RawClient client =
        RawClient.chat(gateway, stream("a broken stream"), "traceparent: " + parent("01"))) {
      assertThat(client.rest()).contains("provider_error");
    }

    assertThat(only(CLIENT).get("error.type")).isEqualTo("provider_error");
    assertThat(server().get("error.type")).isEqualTo("provider_error");
    assertThat(server().status()).isEqualTo(2);
  }

  @Test
  void aClientThatLeavesIsNobodysError() throws Exception {
    first.behave(call -> {
      call.beginStream();
      call.token(ANSWER);
      call.awaitLeaving();
    });
    try (RawClient client =
        RawClient.chat(gateway, stream("left alone"), "traceparent: " + parent("01"))) {
      assertThat(client.event()).contains(ANSWER);
    }

    assertThat(server().get("iir.outcome")).isEqualTo("client_left");
    assertThat(server().status()).isZero();
    assertThat(only(CLIENT).get("error.type")).isEqualTo("client_left");
  }

  @Test
  void anAnswerFromTheCacheHasNoCall() {
    gateway.chat(body("twice the same"));
    HttpResponse<String> answer = gateway.chat(body("twice the same"), "traceparent", parent("01"));

    assertThat(answer.headers().firstValue("x-iir-cache")).contains("hit");
    assertThat(server().get("iir.cache")).isEqualTo("hit");
    assertThat(ofKind(CLIENT)).isEmpty();
  }

  @Test
  void whatTheClientDoesNotSampleIsNotSentButKnownToTheProvider() {
    gateway.chat(body("not sampled"), "traceparent", parent("00"));
    String sent = first.call().headers().getFirst("traceparent");

    assertThat(sent).startsWith("00-" + trace + "-").endsWith("-00").doesNotContain(ROOT_SPAN);
    String unsampled = trace;
    newTrace();
    gateway.chat(body("sampled"), "traceparent", parent("01"));
    server();
    assertThat(collector.trace(unsampled)).isEmpty();
  }

  @Test
  void nothingThatWasSaidAndNoKeyIsSent() {
    first.behave(call -> call.json(400, "{\"error\":{\"message\":\"" + PROMPT + "\"}}"));
    gateway.chat(body("client's fault"), "traceparent", parent("01"));
    server();

    assertThat(collector.text())
        .contains("gen_ai.usage.output_tokens")
        .doesNotContain(PROMPT)
        .doesNotContain(ANSWER)
        .doesNotContain(Gateway.ADMIN_KEY)
        .doesNotContain("sk-upstream");
  }

  private static String body(String more) {
    return "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"%s %s\"}]}"
        .formatted(PROMPT, more);
  }

  private static String stream(String more) {
    return "{\"stream\":true," + body(more).substring(1);
  }

  private String parent(String flags) {
    return "00-%s-%s-%s".formatted(trace, ROOT_SPAN, flags);
  }

  /** The request's span, which is the last to be sent. */
  private OtlpSpan server() {
    await().until(() -> !ofKind(SERVER).isEmpty());
    return ofKind(SERVER).getFirst();
  }

  private OtlpSpan only(int kind) {
    server();
    assertThat(ofKind(kind)).hasSize(1);
    return ofKind(kind).getFirst();
  }

  private List<OtlpSpan> ofKind(int kind) {
    return collector.trace(trace).stream().filter(span -> span.kind() == kind).toList();
  }
}
