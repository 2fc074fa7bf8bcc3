package io.iir.throttle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A refusal by a {@link Limiter} or a {@link Permit}: of all limits that forbid the request, the
 * one that does so longest. Carries no stack trace: it is an answer, not a defect. Immutable.
 */
public final class RateLimitedException extends RuntimeException {

  private final transient Quota quota;
  private final LimitKind kind;
  private final long asked;
  private final @Nullable Duration retryAfter;
  private final transient RateLimitSnapshot snapshot;

  /**
   * A refusal by the limit {@code kind} of {@code quota}.
   *
   * @param asked how much the request asked of it; of a budget, in billionths of a USD, 0 where
   *     that was not known yet
   * @param retryAfter when the same request may pass; null if it never can
   * @param snapshot where the tightest of the request's limits stand
   */
  public RateLimitedException(
      Quota quota,
      LimitKind kind,
      long asked,
      @Nullable Duration retryAfter,
      RateLimitSnapshot snapshot) {
    super("%s of %s reached".formatted(kind.word(), quota.subject().words()), null, false, false);
    this.quota = quota;
    this.kind = kind;
    this.asked = asked;
    this.retryAfter = retryAfter;
    this.snapshot = snapshot;
  }

  /** Whose limits refused. */
  public Quota quota() {
    return quota;
  }

  /** Which of them did. */
  public LimitKind kind() {
    return kind;
  }

  /** The limit's value; of a budget, in billionths of a USD. */
  public long limit() {
    Budget budget = quota.budget();
    return switch (kind) {
      case REQUESTS -> quota.limits().rpm();
      case TOKENS -> quota.limits().tpm();
      case CONCURRENCY -> quota.limits().concurrency();
      case BUDGET -> budget == null ? 0 : budget.nanoUsd();
    };
  }

  /** How much the request asked of it; of a budget, 0 where that was not known yet. */
  public long asked() {
    return asked;
  }

  /** When the same request may pass; null if it never can. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Where the tightest of the request's limits stand. */
  public RateLimitSnapshot snapshot() {
    return snapshot;
  }
}
