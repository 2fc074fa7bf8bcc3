package io.iir.rules.check;

import org.jspecify.annotations.Nullable;

/** A Simple text is not understood from some character on. */
final class SimpleFault extends Exception {

  private static final long serialVersionUID = 1;

  private final int at;
  private final @Nullable String hint;

  /** It is not understood from the character {@code at}, from 0. */
  SimpleFault(int at, String message, @Nullable String hint) {
    super(message, null, false, false);
    this.at = at;
    this.hint = hint;
  }

  int at() {
    return at;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  @Nullable String hint() {
    return hint;
  }
}
