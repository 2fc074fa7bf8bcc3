package io.iir.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time limits of all that runs on one event loop, looked at ten times a second in one sweep: a
 * timer for each request would cost more than most requests.
 *
 * <p>The sweep's own lateness is the loop's lag: how long other work kept the loop busy. To be used
 * on its loop only, but for {@link #lagNanos}.
 */
public final class Deadlines {

  /** Something with a time limit. */
  public interface Timed {
    /** When to call {@link #expire}, in {@link System#nanoTime} terms; Long.MAX_VALUE: never. */
    long deadlineNanos();

    /** The deadline has passed. May watch and forget. */
    void expire();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LAG_WARNING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long WARNING_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final EventLoop loop;
  private final Set<Timed> watched = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Timed> expired = new ArrayList<>();
  private long expectedNanos = System.nanoTime() + PERIOD_NANOS;
  private long warnedNanos = System.nanoTime() - WARNING_PAUSE_NANOS;
  private volatile long lagNanos;

  Deadlines(EventLoop loop) {
    this.loop = loop;
    loop.scheduleWithFixedDelay(this::sweep, PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS);
  }

  /** The event loop whose limits these are. */
  public EventLoop loop() {
    return loop;
  }

  /** Watches {@code timed} until it is forgotten. */
  public void watch(Timed timed) {
    watched.add(timed);
  }

  /** Forgets {@code timed}; does nothing if it is not watched. */
  public void forget(Timed timed) {
    watched.remove(timed);
  }

  /** How late the last sweep ran, in nanoseconds. Any thread may ask. */
  public long lagNanos() {
    return lagNanos;
  }

  private void sweep() {
    long now = System.nanoTime();
    measureLag(now);
    for (Timed timed : watched) {
      long deadline = timed.deadlineNanos();
      if (deadline != Long.MAX_VALUE && deadline - now <= 0) {
        expired.add(timed);
      }
    }
    for (Timed timed : expired) {
      try {
        timed.expire();
      } catch (RuntimeException e) {
        LOG.error("a time limit could not be applied", e);
      }
    }
    expired.clear();
  }

  private void measureLag(long now) {
    long lag = Math.max(0, now - expectedNanos);
    lagNanos = lag;
    expectedNanos = now + PERIOD_NANOS;
    if (lag > LAG_WARNING_NANOS && now - warnedNanos > WARNING_PAUSE_NANOS) {
      warnedNanos = now;
      LOG.warn(
          "event loop {} ran {} ms late: a step blocks it, or the machine is short of processors",
          Thread.currentThread().getName(),
          TimeUnit.NANOSECONDS.toMillis(lag));
    }
  }
}
