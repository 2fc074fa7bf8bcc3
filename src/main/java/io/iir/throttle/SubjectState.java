package io.iir.throttle;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one subject has used. Thread-safe by a lock held for less than a microsecond, which makes
 * each of its methods one step.
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

  /** What one request was granted, and where its tokens come from. */
  record Grant(SubjectState state, @Nullable MinuteBucket tokens, RateLimitSnapshot snapshot) {

    /** Takes tokens; or refuses, and frees the slot. */
    RateLimitSnapshot reserve(long amount) {
      return state.reserve(tokens, amount);
    }

    /** Frees the slot and evens out the difference between what was reserved and what was used. */
    void giveBack(long reserved, long actual) {
      state.giveBack(tokens, reserved, actual);
    }
  }

  boolean isRunning() {
    return running > 0;
  }

  synchronized Grant admit(Limits limits) {
    requests = MinuteBucket.resize(requests, limits.rpm(), clock);
    tokens = MinuteBucket.resize(tokens, limits.tpm(), clock);
    Duration wait = requests == null ? Duration.ZERO : requests.waitFor(1);
    if (requests != null && wait.isPositive()) {
      throw new RateLimitedException(LimitKind.REQUESTS, requests.limit(), 1, wait, snapshot());
    }
    if (limits.concurrency() > 0 && running >= limits.concurrency()) {
      throw new RateLimitedException(
          LimitKind.CONCURRENCY, limits.concurrency(), 1, SLOT_RETRY, snapshot());
    }
    if (requests != null) {
      requests.charge(1);
    }
    running++;
    return new Grant(this, tokens, snapshot());
  }

  private synchronized RateLimitSnapshot reserve(@Nullable MinuteBucket from, long amount) {
    if (from != null) {
      boolean never = amount > from.limit();
      Duration wait = never ? Duration.ZERO : from.waitFor(amount);
      if (never || wait.isPositive()) {
        running--;
        throw new RateLimitedException(
            LimitKind.TOKENS, from.limit(), amount, never ? null : wait, snapshot());
      }
      from.charge(amount);
    }
    return snapshot();
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
