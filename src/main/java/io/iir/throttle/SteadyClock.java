package io.iir.throttle;

import java.util.function.LongSupplier;

/** Milliseconds of the epoch as they were when the clock was made, and steady from then on. */
final class SteadyClock implements LongSupplier {

  private static final long NANOS = 1_000_000;

  private final long epoch = System.currentTimeMillis();
  private final long origin = System.nanoTime();

  @Override
  public long getAsLong() {
    return epoch + (System.nanoTime() - origin) / NANOS;
  }
}
