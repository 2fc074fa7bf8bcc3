package io.iir.throttle;

/**
 * What was used of a limit cannot be told now, and the operator wants no request let in then.
 * Carries no stack trace: it is a state, not a defect. Immutable.
 */
public final class LimitsUnknownException extends RuntimeException {

  /** A limit is unknown because of {@code reason}, in a few words without secrets. */
  public LimitsUnknownException(String reason) {
    super(reason, null, false, false);
  }
}
