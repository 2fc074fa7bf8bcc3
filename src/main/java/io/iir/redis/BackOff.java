package io.iir.redis;

import java.util.concurrent.TimeUnit;

/**
 * How long a breaker that has opened stays open at least: not at all the first time, then longer
 * each time that it opens again soon after it was closed, so that a Redis which is well for moments
 * only is left alone. Thread-safe.
 */
final class BackOff {

  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Closed for so long, it is forgotten that it ever opened. */
  private static final long WELL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private boolean everClosed;
  private long closedNanos;
  private long waitNanos;
  private long untilNanos = System.nanoTime();

  /** The breaker has opened at {@code now}, in {@link System#nanoTime} terms. */
  synchronized void opened(long now) {
    boolean soon = everClosed && now - closedNanos < WELL_NANOS;
    waitNanos = soon ? Math.min(LONGEST_NANOS, Math.max(SHORTEST_NANOS, 2 * waitNanos)) : 0;
    untilNanos = now + waitNanos;
  }

  /** It was closed. */
  synchronized void closed(long now) {
    everClosed = true;
    closedNanos = now;
  }

  /** Whether it may be closed again. */
  synchronized boolean isOver(long now) {
    return now - untilNanos >= 0;
  }
}
