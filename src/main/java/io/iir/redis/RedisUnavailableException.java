package io.iir.redis;

/**
 * Redis gave no answer in time, or one that means nothing, or is left alone because it did so just
 * before. Carries no stack trace: it is a state, not a defect. Immutable.
 */
public final class RedisUnavailableException extends RuntimeException {

  /** Redis is not available because of {@code reason}, in a few words without secrets. */
  public RedisUnavailableException(String reason) {
    super(reason, null, false, false);
  }
}
