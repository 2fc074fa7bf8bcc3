package io.iir.config;

import org.jspecify.annotations.Nullable;

/** The gateway cannot start, for a reason that its operator can mend. */
public final class StartException extends RuntimeException {

  private final String remedy;

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

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }
}
