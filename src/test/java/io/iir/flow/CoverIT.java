package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.metrics.Meters;
import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Call;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.RawClient;
import io.iir.testing.Rules;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls beside another and calls that go on with a stream come under limits and budgets, too. */
class CoverIT {

  /** Who may not ask the second one: its model's limit of this test's is used up, or it is poor. */
  private static final String POOR = "poor";

  private static final String LATE = "late";

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
                new String[] {
                  "iir.hedge.after=200ms",
                  "iir.backend.resume=true",
                  "iir.retry.attempts=0",
                  "iir.cache.enabled=false",
                  "iir.breaker.minimum-calls=1000",
                  "iir.limits.models[second/m].concurrency=1",
                  "iir.models[0].id=first/m",
                  "iir.models[0].price.input=0.001",
                  "iir.models[0].price.output=0.002",
                  "iir.models[1].id=second/m",
                  "iir.models[1].price.input=1",
                  "iir.models[1].price.output=2"
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
    first.calls().clear();
    second.calls().clear();
    first.behave(call -> answer(call, "first"));
    second.behave(call -> answer(call, "second"));
  }

  private static void answer(Call call, String text) throws IOException {
    call.beginStream();
    call.token(text);
    call.endStream(5, 1);
  }

  private static NewKey key(String name, String usd) {
    return gateway.newKey(
        "{\"name\":\"%s\",\"budget\":{\"usd\":%s,\"period\":\"total\"}}".formatted(name, usd));
  }

  private static RawClient ask(NewKey key, String model) throws IOException {
    String body =
        """
        {"model":"%s","stream":true,"max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}\
        """
            .formatted(model);
    return RawClient.chat(gateway, body, key.header());
  }

  private static long usedNanoUsd(NewKey key) {
    return Gateway.json(gateway.get("/api/v1/apikeys/" + key.id()).body())
        .at("/budget/used_usd")
        .decimalValue()
        .movePointRight(9)
        .longValueExact();
  }

  private static double refusals() {
    return gateway.bean(MeterRegistry.class).find(Meters.THROTTLE_REFUSALS.id()).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** Something to do while a key may not use the second model, however that comes. */
  private interface Task {
    void run(NewKey key) throws Exception;
  }

  /** Runs {@code task} with a key that cannot pay for the second, or while that one is taken. */
  private static void withoutTheSecond(String why, Task task) throws Exception {
    if (why.equals(POOR)) {
      task.run(key("poor", "0.0001")); // the second may cost twice that
      return;
    }
    Semaphore goOn = new Semaphore(0);
    second.behave(call -> {
      StreamIT.take(goOn);
      answer(call, "other");
    });
    try (RawClient other = ask(key("other", "1"), "second/m")) {
      await().until(() -> second.calls().size() == 1);
      second.calls().clear();
      task.run(key("late", "1"));
      goOn.release();
      assertThat(other.rest()).contains("other");
    }
  }

  @Test
  void aCallBesideAnotherIsPaidFor() throws Exception {
    NewKey key = key("both", "1");
    first.behave(Call::awaitLeaving);
    try (RawClient client = ask(key, "auto/fast")) {
      assertThat(client.rest()).contains("second");
    }
    // The second's 5 and 1 tokens, and the first's prompt of some tokens at a billionth each.
    await().until(() -> usedNanoUsd(key) > 0);
    assertThat(usedNanoUsd(key)).isBetween(7_001L, 7_020L);
  }

  @ParameterizedTest
  @ValueSource(strings = {POOR, LATE})
  void aCallBesideAnotherThatIsForbiddenIsNotMade(String why) throws Exception {
    withoutTheSecond(
        why,
        key -> {
          Semaphore goOn = new Semaphore(0);
          first.behave(call -> {
            StreamIT.take(goOn);
            answer(call, "first");
          });
          double before = refusals();
          try (RawClient client = ask(key, "auto/fast")) {
            await().until(() -> refusals() > before);
            goOn.release();
            assertThat(client.rest()).contains("first");
          }
          assertThat(second.calls()).isEmpty();
          assertThat(usedNanoUsd(key)).isEqualTo(7);
        });
  }

  @Test
  void aStreamThatAnotherGoesOnWithCostsWhatBothDid() throws Exception {
    NewKey key = key("on", "1");
    first.behave(call -> {
      call.beginStream();
      call.token("It");
      call.token(" jumps");
      call.close();
    });
    try (RawClient client = ask(key, "auto")) {
      assertThat(client.rest()).contains("It").contains("second");
    }
    // The second's 5 and 1 tokens; the first's prompt and its two tokens.
    assertThat(usedNanoUsd(key)).isBetween(7_005L, 7_024L);
  }

  @ParameterizedTest
  @ValueSource(strings = {POOR, LATE})
  void aStreamThatNobodyMayGoOnWithBreaksOff(String why) throws Exception {
    withoutTheSecond(
        why,
        key -> {
          first.behave(call -> {
            call.beginStream();
            call.token("It");
            call.token(" jumps");
            call.close();
          });
          try (RawClient client = ask(key, "auto")) {
            assertThat(client.rest()).contains("It").contains("\"error\"");
          }
          assertThat(second.calls()).isEmpty();
          await().until(() -> usedNanoUsd(key) > 0);
          assertThat(usedNanoUsd(key)).isLessThan(30);
        });
  }
}
