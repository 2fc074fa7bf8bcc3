package io.iir.redis;

/**
 * Redis gave no answer in time, or one that means nothing, or is left alone because it did so just
 * before. Carries no stack trace: it is a state, not a defect. Immutable.
 */
public final class RedisUnavailableException extends RuntimeException {

  private final boolean isRefused;

  /** Redis is not available because of {@code reason}, in a few words without secrets. */
  public RedisUnavailableException(String reason) {
    this(reason, false);
  }

  private RedisUnavailableException(String reason, boolean isRefused) {
    super(reason, null, false, false);
    this.isRefused = isRefused;
  }

  /** Redis has not done what it was asked, nor will it, because of {@code reason}. */
  public static RedisUnavailableException refused(String reason) {
    return new RedisUnavailableException(reason, true);
  }

  /** Whether it is certain that Redis has not done what it was asked, and will not. */
  public boolean isRefused() {
    return isRefused;
  }
}
