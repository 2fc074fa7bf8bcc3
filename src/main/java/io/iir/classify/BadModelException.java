package io.iir.classify;

import java.util.Locale;

/**
 * A classifier's file that cannot be used; the message says which, what is wrong and what to do.
 */
public final class BadModelException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with it, in a word. */
  public enum Fault {
    /** There is no such file. */
    MISSING,
    /** It cannot be read. */
    UNREADABLE,
    /** It is no classifier. */
    FOREIGN,
    /** It is not as it was written. */
    DAMAGED,
    /** It is made for another version of the gateway. */
    INCOMPATIBLE,
    /** It was cut short while it was in use. */
    LOST;

    /** The word that {@code /health} says. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Fault fault;

  BadModelException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  BadModelException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  /** What is wrong with it. */
  public Fault fault() {
    return fault;
  }
}
