package io.iir.throttle;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one subject has used. Thread-safe by a lock held for less than a microsecond, which makes
 * the three limits one: either all are taken from or none.
 */
final class SubjectState {

  /** How soon to ask again for a slot: nobody knows when a running request ends. */
  private static final Duration SLOT_RETRY = Duration.ofSeconds(1);

  private final TimeMeter clock;
  private @Nullable MinuteBucket requests;
  private @Nullable MinuteBucket tokens;
  private volatile int running;

  SubjectState(TimeMeter clock) {
    this.clock = clock;
  }

  /** What was taken for one request, and from where. */
  record Grant(
      SubjectState state, @Nullable MinuteBucket reservedFrom, RateLimitSnapshot snapshot) {

    /** Frees the slot and evens out the difference between what was reserved and what was used. */
    void giveBack(long reserved, long actual) {
      state.giveBack(reservedFrom, reserved, actual);
    }
  }

  boolean isRunning() {
    return running > 0;
  }

  synchronized Grant take(Limits limits, long amount) {
    requests = MinuteBucket.resize(requests, limits.rpm(), clock);
    tokens = MinuteBucket.resize(tokens, limits.tpm(), clock);
    if (tokens != null && amount > tokens.limit()) {
      throw new RateLimitedException(LimitKind.TOKENS, tokens.limit(), amount, null, snapshot());
    }
    Duration requestWait = requests == null ? Duration.ZERO : requests.waitFor(1);
    Duration tokenWait = tokens == null ? Duration.ZERO : tokens.waitFor(amount);
    if (requests != null && requestWait.isPositive() && requestWait.compareTo(tokenWait) >= 0) {
      throw new RateLimitedException(
          LimitKind.REQUESTS, requests.limit(), 1, requestWait, snapshot());
    }
    if (tokens != null && tokenWait.isPositive()) {
      throw new RateLimitedException(
          LimitKind.TOKENS, tokens.limit(), amount, tokenWait, snapshot());
    }
    if (limits.concurrency() > 0 && running >= limits.concurrency()) {
      throw new RateLimitedException(
          LimitKind.CONCURRENCY, limits.concurrency(), 1, SLOT_RETRY, snapshot());
    }
    if (requests != null) {
      requests.charge(1);
    }
    if (tokens != null) {
      tokens.charge(amount);
    }
    running++;
    return new Grant(this, tokens, snapshot());
  }

  private synchronized void giveBack(
      @Nullable MinuteBucket reservedFrom, long reserved, long actual) {
    running--;
    if (reservedFrom != null) {
      reservedFrom.refund(reserved - actual);
      reservedFrom.charge(actual - reserved);
    }
  }

  private RateLimitSnapshot snapshot() {
    return new RateLimitSnapshot(
        requests == null ? null : requests.level(), tokens == null ? null : tokens.level());
  }
}
