package io.iir.idempotency;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Brings to the database what became of requests, few at a time, and again and again for half a
 * minute while that fails. Thread-safe; never blocks.
 */
final class Saves {

  private static final Logger LOG = LoggerFactory.getLogger(Saves.class);
  private static final int AT_ONCE = 2;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final IdempotencyStore store;
  private final ExecutorService blocking;
  private final ScheduledExecutorService clock;
  private final BiConsumer<Run, Ending> then;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);

  /** Saves into {@code store}; {@code then} is told when one is there, or given up. */
  Saves(
      IdempotencyStore store,
      ExecutorService blocking,
      ScheduledExecutorService clock,
      BiConsumer<Run, Ending> then) {
    this.store = store;
    this.blocking = blocking;
    this.clock = clock;
    this.then = then;
  }

  /** Saves that {@code run} has ended so. */
  void add(Run run, Ending how) {
    save(run, how, System.nanoTime() + LONGEST.toNanos());
  }

  private void save(Run run, Ending how, long until) {
    blocking.execute(() -> {
      DataAccessException failure = null;
      turns.acquireUninterruptibly();
      try {
        if (System.nanoTime() - until < 0) {
          write(run, how);
        }
      } catch (DataAccessException e) {
        failure = e;
      } finally {
        turns.release();
      }
      if (failure == null) {
        then.accept(run, how);
      } else {
        again(run, how, until, failure);
      }
    });
  }

  private void write(Run run, Ending how) {
    switch (how) {
      case Ending.Kept kept -> store.done(run, kept.answer());
      case Ending.TooLong tooLong -> store.done(run, null);
      case Ending.Nothing nothing -> store.release(run.id());
      case Ending.Refused refused -> store.release(run.id());
    }
  }

  /** What failed leaves nothing to be kept: its place in the database is freed later. */
  private void again(Run run, Ending how, long until, DataAccessException failure) {
    boolean kept = how instanceof Ending.Kept || how instanceof Ending.TooLong;
    if (kept && System.nanoTime() - until < 0 && !clock.isShutdown()) {
      clock.schedule(() -> save(run, how, until), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      return;
    }
    LOG.warn(
        "what became of a request with a key was not kept: {}",
        failure.getMostSpecificCause().getClass().getSimpleName());
    then.accept(run, how);
  }
}
