package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.iir.flow.engine.GatewayServer;
import io.iir.metrics.Meters;
import io.iir.testing.Chunks;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that takes nothing of its answer is dropped; one that takes it slowly is not. */
class SendTimeoutIT {

  /** So little that the answer waits in the gateway. */
  private static final int RECEIVE_BUFFER = 32 << 10;

  private static final int PIECE = 4 << 20;
  private static final int LENGTH = 8 * PIECE;
  private static final String WHOLE =
      """
      {"model":"fake/m","messages":[{"role":"user","content":"Hello"}]}\
      """;
  private static final String STREAM = WHOLE.replace("{\"model\"", "{\"stream\":true,\"model\"");

  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl()),
                new String[] {
                  "iir.cache.enabled=false",
                  "iir.server.send-timeout=2s",
                  "iir.server.idle-timeout=1s",
                  "iir.limits.default.tpm=2000000000"
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  @Test
  void aStreamThatNobodyReadsIsLeft() throws Exception {
    CompletableFuture<Boolean> cut = new CompletableFuture<>();
    String chunk = Chunks.token("x".repeat(64 << 10));
    provider.behave(call -> {
      call.beginStream();
      try {
        while (true) {
          call.event(chunk);
        }
      } finally {
        cut.complete(true);
      }
    });
    double before = left();
    try (RawClient client = RawClient.chat(gateway, RECEIVE_BUFFER, STREAM)) {
      assertThat(client.status()).isEqualTo(200);

      assertThat(cut.get(20, TimeUnit.SECONDS)).as("the provider is left").isTrue();
      await().until(() -> left() == before + 1);
      assertIdle();
      assertThatExceptionOfType(IOException.class).isThrownBy(client::rest);
    }
  }

  @Test
  void aWholeAnswerThatNobodyReadsIsDropped() throws Exception {
    answerLong();
    try (RawClient client = RawClient.chat(gateway, RECEIVE_BUFFER, WHOLE)) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(gateway.bean(GatewayServer.class).inFlight()).isEqualTo(1);
      assertIdle();
      assertThatExceptionOfType(IOException.class).isThrownBy(client::rest);
    }
  }

  @Test
  void aWholeAnswerIsReadSlowly() throws Exception {
    answerLong();
    try (RawClient client = RawClient.chat(gateway, RECEIVE_BUFFER, WHOLE)) {
      assertThat(client.status()).isEqualTo(200);
      AtomicInteger taken = new AtomicInteger();
      await()
          .pollInterval(Duration.ofMillis(700))
          .atMost(Duration.ofSeconds(60))
          .until(() -> {
            for (int i = 0; i < PIECE && client.read() >= 0; i++) {
              taken.incrementAndGet();
            }
            return taken.get() >= LENGTH;
          });
      assertThat(client.read()).isEqualTo(-1);
    }
  }

  private static void answerLong() {
    String head = "{\"choices\":[{\"message\":{\"content\":\"";
    String tail = "\"}}]}";
    String body = head + "x".repeat(LENGTH - head.length() - tail.length()) + tail;
    provider.behave(call -> call.json(200, body));
  }

  private static void assertIdle() {
    GatewayServer server = gateway.bean(GatewayServer.class);
    await().atMost(Duration.ofSeconds(20)).until(() -> server.inFlight() == 0);
  }

  private static double left() {
    var counter =
        gateway
            .bean(MeterRegistry.class)
            .find(Meters.REQUESTS.id())
            .tag("outcome", "client_left")
            .counter();
    return counter == null ? 0 : counter.count();
  }
}
