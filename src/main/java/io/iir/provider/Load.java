package io.iir.provider;

import io.iir.provider.ProviderReport.ErrorReport;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What goes on at one model. Thread-safe, without locks. */
final class Load {

  private final LongSupplier nanoClock;
  private final Breaker breaker;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicReference<@Nullable Speed> speed = new AtomicReference<>();
  private final AtomicReference<@Nullable Recent> recent = new AtomicReference<>();
  private volatile boolean called;
  private volatile @Nullable ErrorReport mishap;

  Load(LongSupplier nanoClock, Breaker breaker) {
    this.nanoClock = nanoClock;
    this.breaker = breaker;
  }

  long now() {
    return nanoClock.getAsLong();
  }

  int inFlight() {
    return inFlight.get();
  }

  void begin() {
    if (!called) {
      called = true;
    }
    inFlight.incrementAndGet();
  }

  /** Whether it was ever called. */
  boolean wasCalled() {
    return called;
  }

  void end() {
    inFlight.decrementAndGet();
  }

  /** Decides whether it may be called. */
  Breaker breaker() {
    return breaker;
  }

  /** Whether it may not be called. */
  boolean isDown() {
    return breaker.isShut();
  }

  /** What went wrong last; null: nothing has. */
  @Nullable ErrorReport mishap() {
    return mishap;
  }

  void wentWrong(String what) {
    mishap = new ErrorReport(Instant.now(), what);
  }

  void measured(Speed.Sample sample) {
    long now = now();
    speed.updateAndGet(before -> before == null ? Speed.of(sample, now) : before.with(sample, now));
    Recent window = recent.get();
    if (window == null) {
      recent.compareAndSet(null, new Recent(nanoClock));
      window = recent.get();
    }
    if (window != null) {
      window.record(sample);
    }
  }

  /** What was measured in the last minutes; null: nothing was yet. */
  @Nullable Recent recent() {
    return recent.get();
  }

  /** How fast it has been; null: not measured, or too long ago. */
  @Nullable Speed speed() {
    return answerMicros() < 0 ? null : speed.get();
  }

  /** How many microseconds an answer takes, as {@link Speed} says; negative: not measured. */
  long answerMicros() {
    Speed known = speed.get();
    return known == null ? -1 : known.answerMicros(now());
  }
}
