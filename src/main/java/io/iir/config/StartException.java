package io.iir.config;

import org.jspecify.annotations.Nullable;

/** The gateway cannot start, for a reason that its operator can mend. */
public final class StartException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final @Nullable String remedy;

  /** A reason not to start that says itself what to do; one sentence. */
  public StartException(String reason) {
    super(reason);
    this.remedy = null;
  }

  /**
   * A reason not to start.
   *
   * @param reason one sentence: what is wrong
   * @param remedy one sentence: what to do about it
   */
  public StartException(String reason, String remedy, @Nullable Throwable cause) {
    super(reason, cause);
    this.remedy = remedy;
  }

  /** What to do about it; null where the reason says it. */
  public @Nullable String remedy() {
    return remedy;
  }
}
