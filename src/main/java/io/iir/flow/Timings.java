package io.iir.flow;

import org.jspecify.annotations.Nullable;

/**
 * When a request came, and how long each of its steps took, in the order in which they ended. Used
 * by one exchange, one thread at a time.
 */
public final class Timings {

  private static final int MOST_STEPS = 12;

  private final long startNanos = System.nanoTime();
  private final String[] steps = new String[MOST_STEPS];
  private final long[] nanos = new long[MOST_STEPS];
  private final long[] ends = new long[MOST_STEPS];
  private int count;
  private long lastEnd = startNanos;

  /** Is told of each step when it began and ended, in {@link System#nanoTime} terms. */
  interface Visitor {
    void step(String step, long startNanos, long endNanos);
  }

  /** When the request came, in {@link System#nanoTime} terms. */
  public long startNanos() {
    return startNanos;
  }

  /**
   * The step {@code step} ends; returns how long it took, in nanoseconds, since the one before it
   * ended: the way from step to step counts with the second.
   */
  long end(String step) {
    long now = System.nanoTime();
    long took = now - lastEnd;
    lastEnd = now;
    add(step, took);
    return took;
  }

  /** Notes that {@code step} took {@code tookNanos}. */
  void add(String step, long tookNanos) {
    if (count < MOST_STEPS) {
      steps[count] = step;
      nanos[count] = tookNanos;
      ends[count] = lastEnd;
      count++;
    }
  }

  /** When the step that runs now began: when the one before it ended. */
  long lastEndNanos() {
    return lastEnd;
  }

  /** Tells {@code visitor} of the steps that have ended, in their order. */
  void each(Visitor visitor) {
    for (int i = 0; i < count; i++) {
      visitor.step(steps[i], ends[i] - nanos[i], ends[i]);
    }
  }

  /**
   * The value of a Server-Timing header, durations in milliseconds, or null if no step has ended.
   *
   * @see <a href="https://www.w3.org/TR/server-timing/">Server Timing</a>
   */
  @Nullable String header() {
    if (count == 0) {
      return null;
    }
    StringBuilder header = new StringBuilder(count * 28);
    for (int i = 0; i < count; i++) {
      long micros = nanos[i] / 1000;
      long fraction = micros % 1000;
      header.append(i == 0 ? "" : ", ").append(steps[i]).append(";dur=").append(micros / 1000);
      header.append(fraction < 10 ? ".00" : fraction < 100 ? ".0" : ".").append(fraction);
    }
    return header.toString();
  }
}
