package io.iir.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.flow.engine.RequestClock.Phase;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestClockTest {

  private static final EngineSettings SETTINGS =
      new EngineSettings(
          "127.0.0.1",
          0,
          null,
          1000,
          10_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(75),
          Duration.ZERO,
          Duration.ofSeconds(60),
          Set.of());

  private final AtomicInteger expiries = new AtomicInteger();
  private final RequestClock clock = new RequestClock(SETTINGS, expiries::incrementAndGet);

  @Test
  void beginsIdle() {
    assertThat(clock.phase()).isEqualTo(Phase.IDLE);
  }

  @ParameterizedTest
  @CsvSource({"IDLE, 75", "HEAD, 10", "BODY, 60", "LINGERING, 2"})
  void givesEachPhaseItsTime(Phase phase, int seconds) {
    long before = System.nanoTime();
    clock.enter(phase);
    long after = System.nanoTime();

    long limit = TimeUnit.SECONDS.toNanos(seconds);
    assertThat(clock.phase()).isEqualTo(phase);
    assertThat(clock.deadlineNanos()).isBetween(before + limit, after + limit);
  }

  @Test
  void hasNoLimitWhileTheGatewayWorks() {
    clock.enter(Phase.SERVING);
    clock.received(100);

    assertThat(clock.phase()).isEqualTo(Phase.SERVING);
    assertThat(clock.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aHeadBeginsWithItsFirstByteAndIsNotProlonged() {
    clock.received(1);
    long deadline = clock.deadlineNanos();
    clock.received(5000);

    assertThat(clock.phase()).isEqualTo(Phase.HEAD);
    assertThat(clock.deadlineNanos()).isEqualTo(deadline);
  }

  @Test
  void aBodyTakesASecondMoreForEach16KiB() {
    clock.enter(Phase.BODY);
    long deadline = clock.deadlineNanos();
    clock.received(16 << 10);
    assertThat(clock.deadlineNanos() - deadline).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    clock.received(1);
    assertThat(clock.deadlineNanos() - deadline).isLessThan(TimeUnit.MILLISECONDS.toNanos(1001));
  }

  @Test
  void whoLingersIsNotGivenMoreForSending() {
    clock.enter(Phase.LINGERING);
    long deadline = clock.deadlineNanos();
    clock.received(1 << 20);

    assertThat(clock.deadlineNanos()).isEqualTo(deadline);
  }

  @Test
  void tellsWhenTimeIsUp() {
    clock.expire();

    assertThat(expiries).hasValue(1);
  }
}
