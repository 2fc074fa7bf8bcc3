package io.iir.throttle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A refusal by a {@link RateLimiter} or an {@link Admission}. Carries no stack trace: it is an
 * answer, not a defect. Immutable.
 */
public final class RateLimitedException extends RuntimeException {

  private final LimitKind kind;
  private final long limit;
  private final long asked;
  private final @Nullable Duration retryAfter;
  private final transient RateLimitSnapshot snapshot;

  /**
   * A refusal by the limit {@code kind}.
   *
   * @param limit the limit's value
   * @param asked how much the request asked of it
   * @param retryAfter when the same request may pass; null if it never can
   * @param snapshot where the subject's limits stand
   */
  public RateLimitedException(
      LimitKind kind,
      long limit,
      long asked,
      @Nullable Duration retryAfter,
      RateLimitSnapshot snapshot) {
    super("limit of %d %s reached".formatted(limit, kind.word()), null, false, false);
    this.kind = kind;
    this.limit = limit;
    this.asked = asked;
    this.retryAfter = retryAfter;
    this.snapshot = snapshot;
  }

  /** Which limit refused. */
  public LimitKind kind() {
    return kind;
  }

  /** The limit's value. */
  public long limit() {
    return limit;
  }

  /** How much the request asked of it. */
  public long asked() {
    return asked;
  }

  /** When the same request may pass; null if it never can. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Where the subject's limits stand. */
  public RateLimitSnapshot snapshot() {
    return snapshot;
  }
}
