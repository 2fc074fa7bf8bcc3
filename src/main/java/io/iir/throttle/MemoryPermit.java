package io.iir.throttle;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A permit of the {@link MemoryLimiter}. Its lock comes before those of subjects. */
final class MemoryPermit implements Permit {

  /** One of its changes runs at a time. */
  final ReentrantLock lock = new ReentrantLock();

  private final MemoryLimiter limiter;

  /**
   * What the request holds elsewhere: there it has counted, and here it takes only what is more.
   */
  private final @Nullable Charge elsewhere;

  private List<Hold> holds = List.of();
  private volatile Charge charge = new Charge(List.of(), 0, 0);
  private volatile RateLimitSnapshot snapshot = RateLimitSnapshot.UNLIMITED;
  private volatile long budgetLeft = Long.MAX_VALUE;
  private boolean settled;

  /**
   * A permit that holds nothing yet; {@code elsewhere}: what the request holds that others keep.
   */
  MemoryPermit(MemoryLimiter limiter, @Nullable Charge elsewhere) {
    this.limiter = limiter;
    this.elsewhere = elsewhere;
  }

  @Override
  public RateLimitSnapshot snapshot() {
    return snapshot;
  }

  @Override
  public Charge charge() {
    return charge;
  }

  @Override
  public long budgetLeft() {
    return budgetLeft;
  }

  @Override
  public CompletableFuture<Permit> cover(Charge wanted, long used) {
    return isEnoughFor(wanted)
        ? CompletableFuture.completedFuture(this)
        : limiter.change(this, wanted, Math.max(0, used));
  }

  @Override
  public void settle(long tokens, long nanoUsd) {
    Runnable told = null;
    lock.lock();
    try {
      if (!settled) {
        settled = true;
        told = limiter.end(holds, Math.max(0, tokens), nanoUsd);
      }
    } finally {
      lock.unlock();
    }
    if (told != null) {
      told.run();
    }
  }

  boolean isSettled() {
    return settled;
  }

  private boolean isEnoughFor(Charge wanted) {
    Charge held = charge;
    return wanted.tokens() <= held.tokens()
        && wanted.nanoUsd() <= held.nanoUsd()
        && wanted.quotas().equals(held.quotas());
  }

  List<Hold> holds() {
    return holds;
  }

  /** What it holds of {@code subject}; null: nothing. */
  @Nullable Hold find(Subject subject) {
    for (Hold hold : holds) {
      if (hold.isOf(subject)) {
        return hold;
      }
    }
    return null;
  }

  /** A hold of {@code quota} that takes nothing yet. */
  Hold begin(SubjectState state, Quota quota) {
    Charge known = elsewhere;
    if (known != null) {
      for (Quota each : known.quotas()) {
        if (each.subject().equals(quota.subject())) {
          return new Hold(state, quota, known.tokens(), known.nanoUsd());
        }
      }
    }
    return new Hold(state, quota);
  }

  /** It holds this from now on. */
  void hold(List<Hold> changed, Charge covered, RateLimitSnapshot seen, long left) {
    Charge before = charge;
    holds = changed;
    charge =
        before.tokens() <= covered.tokens() && before.nanoUsd() <= covered.nanoUsd()
            ? covered
            : new Charge(
                covered.quotas(),
                Math.max(before.tokens(), covered.tokens()),
                Math.max(before.nanoUsd(), covered.nanoUsd()));
    snapshot = seen;
    budgetLeft = left;
  }
}
