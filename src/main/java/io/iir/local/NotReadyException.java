package io.iir.local;

/** A model that a request waits for is not ready; the message says why, without secrets. */
public final class NotReadyException extends Exception {

  private static final long serialVersionUID = 1;

  private final long retryAfterSeconds;

  /** {@code message} goes behind the model's name. */
  NotReadyException(String message, long retryAfterSeconds) {
    super(message, null, false, false);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** When it is worth asking again. */
  public long retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
