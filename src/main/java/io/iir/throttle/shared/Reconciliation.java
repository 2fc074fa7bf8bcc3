package io.iir.throttle.shared;

import io.iir.redis.Redis;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Used;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

  /** How soon what Redis has not heard of is tried again where nothing else calls for it. */
  private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final Redis redis;
  private final Scripts scripts;
  private final Membership membership;
  private final Settlements settlements;
  private final Subjects subjects;
  private final MemoryLimiter memory;
  private final Uncounted uncounted;
  private final AtomicBoolean isRunning = new AtomicBoolean();
  private final AtomicInteger returns = new AtomicInteger();
  private final AtomicBoolean isTimed = new AtomicBoolean();
  private final LongAdder merges = new LongAdder();
  private volatile boolean memoryUsed;

  /** Of how many of its returns Redis has heard what came to pass before. */
  private volatile int answered;

  /** Since when memory has charged costs that Redis was not told; 0: there are none. */
  private final AtomicLong spentSince = new AtomicLong();

  /** Told, but perhaps not heard; of a generation. Changed by whoever runs. */
  private volatile @Nullable Pending pending;

  /** Of whom Redis was told last that memory holds something. Changed by whoever runs. */
  private Map<SharedSubject, Long> holding = new HashMap<>();

  Reconciliation(
      Redis redis,
      Scripts scripts,
      Membership membership,
      Settlements settlements,
      Subjects subjects,
      MemoryLimiter memory,
      Uncounted uncounted) {
    this.uncounted = uncounted;
    this.redis = redis;
    this.scripts = scripts;
    this.membership = membership;
    this.settlements = settlements;
    this.subjects = subjects;
    this.memory = memory;
  }

  /**
   * What was drained from memory, in a form that can be sent to any generation.
   *
   * @param since when the first of what was spent was
   * @param nothing who held something before, of the budget of which period, and does no longer
   */
  private record Pending(
      long number, Iterable<Used> used, long since, Map<SharedSubject, Long> nothing) {}

  /** How often Redis took what memory had let in. */
  long merges() {
    return merges.sum();
  }

  /** The memory limiter has let a request in, or one of its requests has ended. */
  void memoryUsed() {
    memoryUsed = true;
  }

  /** Whether Redis is there again, but has not heard yet what came to pass meanwhile. */
  boolean isReturning() {
    return returns.get() != answered;
  }

  /** Redis answered: begins to tell it what it has not heard of, if there is anything. */
  void answered() {
    if (isAnythingLeft() && redis.isAvailable() && redis.problem().isEmpty()) {
      run(membership.current() == null);
    }
  }

  private boolean isAnythingLeft() {
    return memoryUsed || pending != null || !settlements.isEmpty() || !uncounted.isEmpty();
  }

  /** A request that memory let in has ended: tells Redis, if it is there. */
  void ended(long nanoUsd) {
    if (nanoUsd > 0) {
      spentSince.compareAndSet(0, System.nanoTime() | 1);
      uncounted.flushSoon();
    }
    memoryUsed = true;
    answered();
  }

  /** Tries again in a while, and again, as long as there is anything to tell. */
  void later() {
    if (isAnythingLeft() && isTimed.compareAndSet(false, true)) {
      LATER.execute(() -> {
        isTimed.set(false);
        answered();
        later();
      });
    }
  }

  /** Redis is there again, with what it had or without: it is asked nothing before it has heard. */
  void returned() {
    returns.incrementAndGet();
    run(true);
  }

  private void run(boolean joins) {
    if (!isRunning.compareAndSet(false, true)) {
      return;
    }
    int answering = returns.get();
    CompletableFuture<?> joined =
        joins ? membership.join() : CompletableFuture.completedFuture(null);
    joined
        .thenCompose(any -> settlements.sendKept())
        .thenCompose(any -> merge())
        .thenCompose(any -> tellUncounted())
        .whenComplete((any, failure) -> {
          if (failure != null) {
            LOG.debug("what Redis has not heard of is kept: {}", failure.toString());
          }
          answered = answering;
          isRunning.set(false);
          if (isReturning()) {
            run(true);
          } else {
            later();
          }
        });
  }

  private CompletableFuture<Void> tellUncounted() {
    Generation generation = membership.current();
    if (generation == null || uncounted.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Batch batch = new Batch(generation, membership.replica(), membership.nextBatch());
    return uncounted.tell(
        batch,
        subjects,
        all ->
            redis
                .run(scripts.merge(), all.keys(), all.words(), late -> {})
                .thenApply(answer -> Answer.code(answer, null) == Answer.DONE));
  }

  private CompletableFuture<Void> merge() {
    Generation generation = membership.current();
    if (generation == null || (pending == null && !memoryUsed)) {
      return CompletableFuture.completedFuture(null);
    }
    Pending sending = pending == null ? drain() : pending;
    pending = sending;
    Batch batch = new Batch(generation, membership.replica(), sending.number());
    sending.nothing().forEach((subject, start) -> batch.held(subject, start, 0, 0));
    for (Used used : sending.used()) {
      SharedSubject subject = subjects.get(used.quota());
      for (Used.Slot slot : used.slots()) {
        batch.window(subject, slot.second(), slot.requests(), slot.tokens());
      }
      long start = used.start() / 1000;
      if (used.spentNanoUsd() != 0) {
        // Whoever has filled in a budget since then has counted this, or a part of it.
        if (subject.isKnown(generation, start, sending.since())) {
          batch.spent(subject, start, used.spentNanoUsd());
        } else {
          uncounted.add(used.quota(), start);
        }
      }
      batch.held(subject, start, used.running(), used.reservedNanoUsd());
    }
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
    long now = System.nanoTime();
    long since = spentSince.getAndSet(0);
    Iterable<Used> all = memory.drain();
    Map<SharedSubject, Long> held = new HashMap<>();
    for (Used used : all) {
      if (used.running() > 0 || used.reservedNanoUsd() > 0) {
        held.put(subjects.get(used.quota()), used.start() / 1000);
      }
    }
    Map<SharedSubject, Long> nothing = holding;
    nothing.entrySet().removeAll(held.entrySet());
    holding = held;
    return new Pending(membership.nextBatch(), all, since == 0 ? now : since, nothing);
  }

  private void taken(Pending sent) {
    for (Used used : sent.used()) {
      SharedSubject subject = subjects.get(used.quota());
      for (Used.Slot slot : used.slots()) {
        subject.took(slot.second(), slot.requests(), slot.tokens());
      }
    }
    memory.told();
    pending = null;
    merges.increment();
  }
}
