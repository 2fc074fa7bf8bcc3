package io.iir.redis;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis is called: a circuit breaker that opens after some failures in a row, or when the
 * connection is lost, and is closed by whoever finds that it is well again, later each time that it
 * opens again soon. Thread-safe.
 */
final class RedisState {

  /** How things stand. */
  enum Phase {
    /** All is well, as far as is known. */
    GOOD,
    /** It is called, but refuses to write. */
    READS,
    /** It is not called. */
    AWAY,
    /** It is well again, and those are told who wait for that; nobody else calls it. */
    RETURNING
  }

  private static final Logger LOG = LoggerFactory.getLogger(RedisState.class);
  private static final int FAILURES = 5;

  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.GOOD);
  private final AtomicInteger failures = new AtomicInteger();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger epoch = new AtomicInteger();
  private final BackOff backOff = new BackOff();
  private final String use;
  private volatile String problem = "";
  private volatile @Nullable Thread teller;

  /**
   * All is well, as far as is known.
   *
   * @param use what Redis is called for, as the log says it, such as {@code " for answers"}; empty:
   *     everything
   */
  RedisState(String use) {
    this.use = use;
  }

  Phase phase() {
    return phase.get();
  }

  String problem() {
    return phase.get() == Phase.GOOD ? "" : problem;
  }

  /** Changes with each return: a failure of a call from before says nothing about now. */
  int epoch() {
    return epoch.get();
  }

  /** Whether the running thread may make a call. */
  boolean admits() {
    return switch (phase.get()) {
      case GOOD, READS -> true;
      case AWAY -> false;
      case RETURNING -> isTelling();
    };
  }

  /** Whether the running thread is the one that tells of the return. */
  boolean isTelling() {
    return teller == Thread.currentThread();
  }

  void succeeded() {
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  /** A call that was begun in {@code epoch} failed, because of {@code why}. */
  void failed(int epoch, String why) {
    if (epoch == this.epoch.get() && failures.incrementAndGet() >= FAILURES) {
      left(why);
    }
  }

  /** It is away, because of {@code why}. */
  void left(String why) {
    problem = why;
    if (phase.getAndSet(Phase.AWAY) != Phase.AWAY) {
      backOff.opened(System.nanoTime());
      LOG.warn("Redis is away{}: {}. The gateway goes on without it.", use, why);
    }
  }

  /** Whether one that is away may be asked how it is. */
  boolean mayReturn() {
    return backOff.isOver(System.nanoTime());
  }

  /** It refuses to write, because of {@code why}. */
  void refusesWrites(String why) {
    if (phase.compareAndSet(Phase.GOOD, Phase.READS)) {
      problem = why;
      LOG.warn(
          "Redis is of little use{}: {}. The gateway goes on without what it would keep.",
          use,
          why);
    }
  }

  /** It is well again: tells those who wait for that, and lets everybody call. */
  void returned() {
    Phase before = phase.get();
    if (before != Phase.AWAY && before != Phase.READS) {
      return;
    }
    epoch.incrementAndGet();
    failures.set(0);
    if (phase.compareAndSet(before, Phase.RETURNING)) {
      tell();
      if (phase.compareAndSet(Phase.RETURNING, Phase.GOOD)) {
        backOff.closed(System.nanoTime());
        LOG.info("Redis is there again{}.", use);
      }
    }
  }

  private void tell() {
    teller = Thread.currentThread();
    try {
      for (Runnable listener : listeners) {
        listener.run();
      }
    } catch (RuntimeException e) {
      LOG.error("what was to be done at Redis's return failed", e);
    } finally {
      teller = null;
    }
  }

  void onReturn(Runnable listener) {
    listeners.add(listener);
  }
}
