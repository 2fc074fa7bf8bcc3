package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.flow.engine.GatewayServer;
import io.iir.metrics.Meters;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.iir.testing.Rules;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that leaves: the provider is left within a second, and nothing stays behind. */
class CancellationIT {

  /** The contract: within this the provider sees its connection closed. */
  private static final Duration CONTRACT = Duration.ofSeconds(1);

  private static final String WHOLE =
      """
      {"model":"fake/m","max_tokens":30,"messages":[{"role":"user","content":"Hello"}]}\
      """;
  private static final String STREAM = WHOLE.replace("{\"model\"", "{\"stream\":true,\"model\"");

  @TempDir static Path routes;
  private static FakeProvider provider;
  private static FakeProvider second;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.json(500, "{}"));
    second = new FakeProvider(call -> call.completion("Hi", 5, 1));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("fake", provider.baseUrl(), "max-connections=1", "max-pending=1"),
                Gateway.provider("second", second.baseUrl()),
                Rules.choosing(routes, "fake/m, second/m"),
                new String[] {"iir.cache.enabled=false"}));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
    second.close();
  }

  @BeforeEach
  void forget() {
    provider.calls().clear();
    second.calls().clear();
  }

  @AfterEach
  void nothingStaysBehind() {
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
    await().until(() -> gateway.bean(CamelContext.class).getInflightRepository().size() == 0);
    provider.calls().clear();
    provider.behave(call -> call.completion("Hi", 5, 1));
    assertThat(gateway.chat(WHOLE).statusCode()).as("the one connection is free").isEqualTo(200);
  }

  @Test
  void aStreamIsLeft() throws Exception {
    double before = left();
    provider.behave(CancellationIT::threeTokens);
    try (RawClient client = RawClient.chat(gateway, STREAM)) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.event()).contains("\"content\"");
      }
      leave(client);
    }
    await().until(() -> left() == before + 1);
  }

  @Test
  void aRequestThatWaitsForItsAnswerIsLeft() throws Exception {
    double before = left();
    provider.behave(FakeProvider.Call::awaitLeaving);
    try (RawClient client = RawClient.chat(gateway, WHOLE)) {
      await().until(() -> provider.calls().size() == 1);
      leave(client);
    }
    await().until(() -> left() == before + 1);
  }

  @Test
  void aRequestInTheMiddleOfItsAnswerIsLeft() throws Exception {
    provider.behave(call -> {
      call.head(200, "application/json", "Content-Length: 1000");
      call.write(new byte[] {'{'});
      call.awaitLeaving();
    });
    try (RawClient client = RawClient.chat(gateway, WHOLE)) {
      await().until(() -> provider.calls().size() == 1);
      leave(client);
    }
  }

  @Test
  void aRequestThatWaitsForAConnectionIsLeft() throws Exception {
    double before = left();
    Semaphore goOn = new Semaphore(0);
    provider.behave(call -> {
      StreamIT.take(goOn);
      call.completion("Hi", 5, 1);
    });
    try (RawClient first = RawClient.chat(gateway, WHOLE)) {
      await().until(() -> provider.calls().size() == 1);
      try (RawClient queued = RawClient.chat(gateway, WHOLE)) {
        await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 2);
      }
      await().until(() -> left() == before + 1);
      try (RawClient next = RawClient.chat(gateway, WHOLE)) {
        await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 2);
        goOn.release(2);
        assertThat(first.status()).isEqualTo(200);
        assertThat(next.status()).as("its place in the queue was free").isEqualTo(200);
      }
    }
    assertThat(provider.calls()).as("who left was never asked for").hasSize(2);
  }

  @Test
  void noOtherTargetIsAskedForAClientThatLeft() throws Exception {
    double before = left();
    provider.behave(FakeProvider.Call::awaitLeaving);
    try (RawClient client = RawClient.chat(gateway, WHOLE.replace("fake/m", "auto"))) {
      await().until(() -> provider.calls().size() == 1);
      leave(client);
    }
    await().until(() -> left() == before + 1);
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void theSecondTargetIsLeftToo() throws Exception {
    provider.behave(call -> call.json(500, "{}"));
    second.behave(FakeProvider.Call::awaitLeaving);
    try (RawClient client = RawClient.chat(gateway, WHOLE.replace("fake/m", "auto"))) {
      await().until(() -> second.calls().size() == 1);
      long began = System.nanoTime();
      client.close();
      long leftAt = second.call().left().get(10, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(leftAt - began)).isLessThan(CONTRACT);
    }
  }

  @Test
  void whatWasSentIsChargedAndTheSlotIsFree() throws Exception {
    String key =
        "Authorization: Bearer "
            + gateway
                .newKey("{\"name\":\"one\",\"limits\":{\"tpm\":120,\"concurrency\":1}}")
                .secret();
    provider.behave(CancellationIT::threeTokens);
    int prompt;
    try (RawClient client = RawClient.chat(gateway, STREAM, key)) {
      assertThat(client.status()).isEqualTo(200);
      prompt = 120 - 30 - remaining(client);
      for (int i = 0; i < 3; i++) {
        assertThat(client.event()).contains("\"content\"");
      }
      leave(client);
    }
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
    provider.behave(call -> call.completion("Hi", 5, 1));
    try (RawClient client = RawClient.chat(gateway, WHOLE, key)) {
      assertThat(client.status()).as("the slot is free").isEqualTo(200);
      int expected = 120 - (prompt + 3) - (prompt + 30);
      // Two tokens come back each second.
      assertThat(remaining(client)).isBetween(expected, expected + 16);
    }
  }

  private static int remaining(RawClient client) throws Exception {
    String remaining = client.header("x-ratelimit-remaining-tokens");
    assertThat(remaining).isNotNull();
    return Integer.parseInt(remaining);
  }

  private static void threeTokens(FakeProvider.Call call) throws Exception {
    call.beginStream();
    for (int i = 0; i < 3; i++) {
      call.token("t");
    }
    call.awaitLeaving();
  }

  /** Leaves, and checks that the provider is left in time. */
  private static void leave(RawClient client) throws Exception {
    long began = System.nanoTime();
    client.close();
    long leftAt = provider.call().left().get(10, TimeUnit.SECONDS);
    assertThat(Duration.ofNanos(leftAt - began)).isLessThan(CONTRACT);
  }

  private static double left() {
    Counter counter =
        gateway
            .bean(MeterRegistry.class)
            .find(Meters.REQUESTS.id())
            .tag("route", "chat-completions")
            .tag("outcome", "client_left")
            .counter();
    return counter == null ? 0 : counter.count();
  }
}
