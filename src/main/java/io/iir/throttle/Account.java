package io.iir.throttle;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a subject has spent in one period. What was spent before this process knew the subject comes
 * once, from the ledger. Guarded by the lock of the {@link SubjectState} that has it.
 */
final class Account {

  private static final long UNKNOWN = -1;

  final Period period;
  final long start;
  final long end;

  /** Spent since this account is there. */
  long spent;

  /** What running requests may cost yet. */
  long reserved;

  /** The question to the ledger that was put last. */
  @Nullable CompletableFuture<Void> question;

  /** From when on the ledger is asked again, for it gave no answer. */
  long askAgain = Long.MAX_VALUE;

  private long before;
  private long drained;

  private Account(Period period, long millis, long before) {
    Instant now = Instant.ofEpochMilli(millis);
    Instant until = period.end(now);
    this.period = period;
    this.start = period.start(now).toEpochMilli();
    this.end = until == null ? Long.MAX_VALUE : until.toEpochMilli();
    this.before = before;
  }

  /** An account of which only the ledger knows what was spent. */
  static Account unknown(Period period, long millis) {
    return new Account(period, millis, UNKNOWN);
  }

  /** The account of the period that {@code millis} lies in, in which nothing has been spent yet. */
  Account next(long millis) {
    return new Account(period, millis, isKnown() ? 0 : UNKNOWN);
  }

  boolean isKnown() {
    return before != UNKNOWN;
  }

  boolean covers(long millis) {
    return millis < end;
  }

  /**
   * The ledger says that so much was spent. That includes all that this process knew to be spent
   * when it asked, for a request is in the ledger before it is charged here. What ended since may
   * be in both: it is rather counted twice than not at all.
   *
   * @param known what {@link #spent} was when the ledger was asked
   */
  void opened(long nanoUsd, long known) {
    before = Math.clamp(nanoUsd - known, 0, Budget.MOST);
    askAgain = Long.MAX_VALUE;
  }

  /** All that was spent. */
  long total() {
    return Math.max(0, before) + spent;
  }

  /**
   * What is left of {@code budget}, shared evenly with the other replicas as far as it was left
   * when this account began; below 0 where more was spent.
   */
  long left(Budget budget, int replicas) {
    return Math.floorDiv(budget.nanoUsd() - Math.max(0, before), (long) replicas)
        - spent
        - reserved;
  }

  /** What was spent since this was asked last. */
  long drain() {
    long more = spent - drained;
    drained = spent;
    return more;
  }

  boolean isDrained() {
    return drained == spent;
  }
}
