package io.iir.throttle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that stands still until it is told to go on. */
final class FakeClock implements InstantSource, LongSupplier {

  private final AtomicLong millis;

  FakeClock(Instant start) {
    millis = new AtomicLong(start.toEpochMilli());
  }

  void advance(Duration time) {
    millis.addAndGet(time.toMillis());
  }

  @Override
  public long getAsLong() {
    return millis.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }
}
