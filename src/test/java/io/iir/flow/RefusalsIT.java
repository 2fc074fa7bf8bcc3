package io.iir.flow;

import static io.iir.flow.BadInput.CHAT;
import static io.iir.flow.BadInput.GOOD_BODY;
import static io.iir.flow.BadInput.HOST;
import static io.iir.flow.BadInput.JSON;
import static io.iir.flow.BadInput.KEY;
import static io.iir.flow.BadInput.chat;
import static io.iir.flow.BadInput.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.metrics.Meters;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawHttp;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server refuses before a route sees it, and that it is counted. */
class RefusalsIT {

  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.completion("Hi", 5, 1));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {
                  "iir.cache.enabled=false",
                  "iir.server.max-held-size=1MB",
                  "iir.server.head-timeout=1s"
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  static Stream<Map.Entry<Integer, byte[]>> refused() {
    byte[] body = GOOD_BODY.getBytes(UTF_8);
    return Stream.of(
        Map.entry(400, raw("GET /health HTTP/1.1")),
        Map.entry(404, raw("GET /nothing HTTP/1.1", HOST)),
        Map.entry(405, raw("DELETE /health HTTP/1.1", HOST)),
        Map.entry(408, "GET /hea".getBytes(UTF_8)),
        Map.entry(413, raw(CHAT, HOST, KEY, "Content-Length: " + (21 << 20))),
        Map.entry(414, raw("GET /" + "a".repeat(9 << 10) + " HTTP/1.1", HOST)),
        Map.entry(415, chat(body, "Content-Type: text/plain")),
        Map.entry(417, raw("GET /health HTTP/1.1", HOST, "Expect: wonders")),
        Map.entry(431, raw("GET /health HTTP/1.1", HOST, "X-Long: " + "a".repeat(9 << 10))),
        Map.entry(503, chat(new byte[2 << 20], JSON)),
        Map.entry(505, raw("GET /health HTTP/3.0", HOST)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isCounted(Map.Entry<Integer, byte[]> refusal) throws Exception {
    int status = refusal.getKey();
    double before = count(status);
    try (RawHttp client = new RawHttp(gateway.port())) {
      assertThat(client.send(refusal.getValue()).read().status()).isEqualTo(status);
    }
    assertThat(count(status)).isEqualTo(before + 1);
  }

  @Test
  void whatARouteAnswersIsNotCounted() throws Exception {
    double before = all();
    try (RawHttp client = new RawHttp(gateway.port())) {
      assertThat(client.send(chat("{")).read().status()).isEqualTo(400);
      byte[] keyless = raw(CHAT, HOST, JSON, "Content-Length: 0");
      assertThat(client.send(keyless).read().status()).isEqualTo(401);
    }
    assertThat(all()).isEqualTo(before);
  }

  @Test
  void bodiesOfAllClientsTogetherAreBounded() throws Exception {
    byte[] most = chat(new byte[700 << 10], JSON);
    byte[] more = chat(new byte[600 << 10], JSON);
    try (RawHttp slow = new RawHttp(gateway.port())) {
      slow.send(Arrays.copyOf(most, most.length - 1));
      await().until(() -> held() == (700 << 10) - 1);
      RawHttp.Answer refusal = ask(more);
      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.body()).contains("all the request bodies it can");
      assertThat(refusal.header("x-iir-error-source")).isEqualTo("gateway");
      await().until(() -> held() == (700 << 10) - 1);
      slow.send(new byte[1]);
      assertThat(slow.read().status()).as("it was held, not JSON").isEqualTo(400);
    }
    await().until(() -> held() == 0);
    assertThat(ask(more).status()).as("there is room again").isEqualTo(400);
  }

  private static long held() {
    return (long) gateway.bean(MeterRegistry.class).get(Meters.SERVER_HELD.id()).gauge().value();
  }

  private static RawHttp.Answer ask(byte[] request) throws Exception {
    try (RawHttp client = new RawHttp(gateway.port())) {
      return client.send(request).read();
    }
  }

  @Test
  void bodiesThatWaitBehindAnotherRequestAreBounded() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    provider.behave(call -> {
      sent.await();
      call.completion("Hi", 5, 1);
    });
    try (RawHttp client = new RawHttp(gateway.port())) {
      client.send(chat(GOOD_BODY));
      await().until(() -> provider.calls().stream().anyMatch(call -> !call.body().isEmpty()));
      // More than the sockets hold: when it is out, the gateway has read more than it keeps.
      client.send(chat(new byte[19 << 20], JSON));
      sent.countDown();
      assertThat(client.read().status()).isEqualTo(200);
      RawHttp.Answer refusal = client.read();
      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.body()).contains("too much of them, wait on this connection");
      client.awaitEnd();
    } finally {
      sent.countDown();
      provider.behave(call -> call.completion("Hi", 5, 1));
    }
  }

  private static double count(int status) {
    var counter =
        gateway
            .bean(MeterRegistry.class)
            .find(Meters.SERVER_REFUSALS.id())
            .tag("status", Integer.toString(status))
            .counter();
    return counter == null ? 0 : counter.count();
  }

  private static double all() {
    return gateway.bean(MeterRegistry.class).find(Meters.SERVER_REFUSALS.id()).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }
}
