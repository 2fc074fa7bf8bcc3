package io.iir.throttle.shared;

import io.iir.redis.Redis;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Used;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to Redis what it has not heard of: ends of requests, and what the memory limiter let in
 * while it was away. One at a time; each part is taken once, however often it is sent. Thread-safe,
 * never blocks.
 */
final class Reconciliation {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

  private final Redis redis;
  private final Scripts scripts;
  private final Membership membership;
  private final Settlements settlements;
  private final Subjects subjects;
  private final Periods periods;
  private final MemoryLimiter memory;
  private final AtomicBoolean isRunning = new AtomicBoolean();
  private final LongAdder merges = new LongAdder();
  private volatile boolean memoryUsed;

  /** Told, but perhaps not heard; of a generation. Changed by whoever runs. */
  private @Nullable Pending pending;

  /** Of whom Redis was told last that memory holds something. Changed by whoever runs. */
  private Set<SharedSubject> holding = new HashSet<>();

  Reconciliation(
      Redis redis,
      Scripts scripts,
      Membership membership,
      Settlements settlements,
      Subjects subjects,
      Periods periods,
      MemoryLimiter memory) {
    this.redis = redis;
    this.scripts = scripts;
    this.membership = membership;
    this.settlements = settlements;
    this.subjects = subjects;
    this.periods = periods;
    this.memory = memory;
  }

  /** What was drained from memory, in a form that can be sent to any generation. */
  private record Pending(long number, Iterable<Used> used, Set<SharedSubject> nothing) {}

  /** How often Redis took what memory had let in. */
  long merges() {
    return merges.sum();
  }

  /** The memory limiter has let a request in, or one of its requests has ended. */
  void memoryUsed() {
    memoryUsed = true;
  }

  /** Redis answered: begins to tell it what it has not heard of, if there is anything. */
  void answered() {
    if (memoryUsed || !settlements.isEmpty()) {
      run(membership.current() == null);
    }
  }

  /** A request that memory let in has ended: tells Redis, if it is there. */
  void ended() {
    memoryUsed = true;
    if (redis.isAvailable()) {
      answered();
    }
  }

  /** Redis is there again, with what it had or without. */
  void returned() {
    run(true);
  }

  private void run(boolean joins) {
    if (!isRunning.compareAndSet(false, true)) {
      return;
    }
    CompletableFuture<?> joined =
        joins ? membership.join() : CompletableFuture.completedFuture(null);
    joined
        .thenCompose(any -> settlements.sendKept())
        .thenCompose(any -> merge())
        .whenComplete((any, failure) -> {
          isRunning.set(false);
          if (failure != null) {
            LOG.debug("what Redis has not heard of is kept: {}", failure.toString());
          }
        });
  }

  private CompletableFuture<Void> merge() {
    Generation generation = membership.current();
    if (generation == null || (pending == null && !memoryUsed)) {
      return CompletableFuture.completedFuture(null);
    }
    Pending sending = pending == null ? drain() : pending;
    pending = sending;
    Batch batch = new Batch(generation, membership.replica(), sending.number());
    for (Used used : sending.used()) {
      SharedSubject subject = subjects.get(used.quota());
      for (Used.Slot slot : used.slots()) {
        batch.window(subject, slot.second(), slot.requests(), slot.tokens());
      }
      if (used.spentNanoUsd() != 0) {
        long start = periods.of(used.quota().budget()).start();
        batch.spent(subject, start, used.spentNanoUsd());
      }
      batch.held(subject, used.running(), used.reservedNanoUsd());
    }
    sending.nothing().forEach(subject -> batch.held(subject, 0, 0));
    return redis
        .run(scripts.merge(), batch.keys(), batch.words(), late -> {})
        .thenAccept(answer -> {
          if (Answer.code(answer, null) == Answer.DONE) {
            taken(sending);
          }
        });
  }

  private Pending drain() {
    memoryUsed = false;
    Iterable<Used> all = memory.drain();
    Set<SharedSubject> held = new HashSet<>();
    for (Used used : all) {
      if (used.running() > 0) {
        held.add(subjects.get(used.quota()));
      }
    }
    Set<SharedSubject> nothing = holding;
    nothing.removeAll(held);
    holding = held;
    return new Pending(membership.nextBatch(), all, nothing);
  }

  private void taken(Pending sent) {
    for (Used used : sent.used()) {
      SharedSubject subject = subjects.get(used.quota());
      for (Used.Slot slot : used.slots()) {
        subject.took(slot.second(), slot.requests(), slot.tokens());
      }
    }
    pending = null;
    merges.increment();
  }
}
