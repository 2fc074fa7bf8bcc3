package io.iir.provider;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What goes on at one model. Thread-safe, without locks. */
final class Load {

  /** After so many failures one after the other a model is down. */
  static final int FAILURES = 3;

  /** For so long. */
  static final long DOWN_NANOS = 5_000_000_000L;

  private final LongSupplier nanoClock;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile long downUntil;
  private final AtomicReference<@Nullable Speed> speed = new AtomicReference<>();

  Load(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  long now() {
    return nanoClock.getAsLong();
  }

  int inFlight() {
    return inFlight.get();
  }

  void begin() {
    inFlight.incrementAndGet();
  }

  void end() {
    inFlight.decrementAndGet();
  }

  void succeeded() {
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  void failed() {
    if (failures.incrementAndGet() >= FAILURES) {
      downUntil = now() + DOWN_NANOS;
    }
  }

  boolean isDown() {
    return failures.get() >= FAILURES && downUntil - now() > 0;
  }

  /** Why it is not asked, for a model that {@link #isDown}. */
  String downWords() {
    long seconds = Math.max(1, (downUntil - now() + 999_999_999) / 1_000_000_000);
    return "is down: failed %d times in a row, asked again in %d s"
        .formatted(failures.get(), seconds);
  }

  void measured(Speed.Sample sample) {
    long now = now();
    speed.updateAndGet(before -> before == null ? Speed.of(sample, now) : before.with(sample, now));
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
