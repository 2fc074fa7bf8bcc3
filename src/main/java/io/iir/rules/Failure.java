package io.iir.rules;

/**
 * Why rules gave no decision that can be used.
 *
 * @param cause what kind of failure
 * @param message what is wrong, in words
 */
public record Failure(Cause cause, String message) implements Verdict {

  /** Kinds of failures: the closed set of a meter's tag. */
  public enum Cause {
    /** A step threw. */
    THROWN("exception"),
    /** No step set {@code targets}. */
    NO_TARGETS("no_targets"),
    /** The value of {@code targets}, or of another knob, cannot be read. */
    BAD_VALUE("bad_value"),
    /** No model that {@code targets} names exists. */
    UNKNOWN_MODEL("unknown_model");

    private final String word;

    Cause(String word) {
      this.word = word;
    }

    /** The word in meters and answers. */
    public String word() {
      return word;
    }
  }
}
