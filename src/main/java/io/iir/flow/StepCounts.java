package io.iir.flow;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a step has done, for JMX, without a clock of its own. Sums are in {@link LongAdder}s, so
 * that event loops do not wait for each other, and are exact. Of the last exchanges and moments any
 * loop's will do: they are written and read without an order. May be used by any thread.
 */
final class StepCounts {

  private final LongAdder inflight = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder handled = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAccumulator least = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator most = new LongAccumulator(Math::max, 0);
  // Written by all without an order: any of the last will do.
  private long lastNanos;
  private long deltaNanos;
  private final Moment created = new Moment();
  private final Moment firstCompleted = new Moment();
  private final Moment lastCompleted = new Moment();
  private final Moment firstFailed = new Moment();
  private final Moment lastFailed = new Moment();

  /** A moment, in terms of {@link System#nanoTime}: cheap to note, a date for whoever asks. */
  private static final class Moment {

    private static final long NONE = 0;

    private long nanos = NONE;

    void note(long nowNanos) {
      nanos = nowNanos;
    }

    void noteFirst(long nowNanos) {
      if (nanos == NONE) {
        nanos = nowNanos;
      }
    }

    void forget() {
      nanos = NONE;
    }

    /** In milliseconds since 1970; 0 if there was none. */
    long millis() {
      long noted = nanos;
      return noted == NONE
          ? 0
          : System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - noted);
    }
  }

  /** An exchange comes, at {@code nowNanos} in terms of {@link System#nanoTime}. */
  void began(long nowNanos) {
    inflight.increment();
    created.note(nowNanos);
  }

  /** An exchange leaves as it should, after {@code tookNanos}; {@code recovered} from a failure. */
  void completed(long nowNanos, long tookNanos, boolean recovered) {
    inflight.decrement();
    completed.increment();
    if (recovered) {
      handled.increment();
    }
    nanos.add(tookNanos);
    least.accumulate(tookNanos);
    most.accumulate(tookNanos);
    deltaNanos = tookNanos - lastNanos;
    lastNanos = tookNanos;
    firstCompleted.noteFirst(nowNanos);
    lastCompleted.note(nowNanos);
  }

  /** An exchange leaves with an exception. */
  void failed(long nowNanos) {
    inflight.decrement();
    failed.increment();
    firstFailed.noteFirst(nowNanos);
    lastFailed.note(nowNanos);
  }

  /** Begins anew, but for those that are in flight. */
  void reset() {
    completed.reset();
    failed.reset();
    handled.reset();
    nanos.reset();
    least.reset();
    most.reset();
    lastNanos = 0;
    deltaNanos = 0;
    created.forget();
    firstCompleted.forget();
    lastCompleted.forget();
    firstFailed.forget();
    lastFailed.forget();
  }

  long inflight() {
    return inflight.sum();
  }

  long completed() {
    return completed.sum();
  }

  long failed() {
    return failed.sum();
  }

  long handled() {
    return handled.sum();
  }

  long totalMillis() {
    return millis(nanos.sum());
  }

  /** 0 where none was completed, as Camel has it. */
  long leastMillis() {
    long min = least.get();
    return min == Long.MAX_VALUE ? 0 : millis(min);
  }

  long mostMillis() {
    return millis(most.get());
  }

  long meanMillis() {
    long count = completed.sum();
    return count == 0 ? 0 : millis(nanos.sum() / count);
  }

  long lastMillis() {
    return millis(lastNanos);
  }

  long deltaMillis() {
    return millis(deltaNanos);
  }

  /** When the last came, in milliseconds since 1970; 0: none has. So have the next four. */
  long created() {
    return created.millis();
  }

  long firstCompleted() {
    return firstCompleted.millis();
  }

  long lastCompleted() {
    return lastCompleted.millis();
  }

  long firstFailed() {
    return firstFailed.millis();
  }

  long lastFailed() {
    return lastFailed.millis();
  }

  /** For how many milliseconds there was nothing to do; -1: there is, or never was. */
  long idleMillis() {
    long last = Math.max(lastCompleted.millis(), lastFailed.millis());
    long idle = System.currentTimeMillis() - last;
    return inflight() <= 0 && last > 0 && idle > 0 ? idle : -1;
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
