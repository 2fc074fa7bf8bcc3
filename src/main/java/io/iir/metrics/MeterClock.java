package io.iir.metrics;

import io.micrometer.core.instrument.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * The clock of the meters, whose time of day is looked up ten times a second. Each timer asks for
 * it twice whenever it records, only to tell whether its window of minutes is over; a request has
 * some fifteen timers, and on a virtual machine reading the clock is among the dearest things that
 * these do. Durations are measured by {@link System#nanoTime}. Thread-safe.
 */
@Component
public final class MeterClock implements Clock, AutoCloseable {

  private static final int MILLIS = 100;

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("meter-clock").factory());

  private volatile long wallMillis = System.currentTimeMillis();

  /** Starts the clock. */
  public MeterClock() {
    ticker.scheduleAtFixedRate(this::tick, MILLIS, MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    wallMillis = System.currentTimeMillis();
  }

  @Override
  public long wallTime() {
    return wallMillis;
  }

  @Override
  public long monotonicTime() {
    return System.nanoTime();
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
