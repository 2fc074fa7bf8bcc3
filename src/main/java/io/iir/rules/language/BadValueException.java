package io.iir.rules.language;

/** What a rule would set for a request cannot be used. */
public final class BadValueException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /** Says what in {@code message}. */
  public BadValueException(String message) {
    super(message);
  }
}
