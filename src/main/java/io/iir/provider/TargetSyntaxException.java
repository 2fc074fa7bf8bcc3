package io.iir.provider;

import org.jspecify.annotations.Nullable;

/** A text that is no {@link TargetList}. Its message does not say where: {@link #column} does. */
public final class TargetSyntaxException extends IllegalArgumentException {

  private final int column;
  private final @Nullable String hint;

  TargetSyntaxException(int column, String message, @Nullable String hint) {
    super(message);
    this.column = column;
    this.hint = hint;
  }

  /** Where in the text it is wrong: the first character is 1. */
  public int column() {
    return column;
  }

  /** What was perhaps meant or what may stand there; null: there is nothing to add. */
  public @Nullable String hint() {
    return hint;
  }

  /** {@code column 5: expected a weight (such as a/b: 90)}. */
  public String described() {
    return "column %d: %s%s".formatted(column, getMessage(), hint == null ? "" : " (" + hint + ")");
  }
}
