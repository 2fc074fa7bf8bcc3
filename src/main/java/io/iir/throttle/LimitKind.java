package io.iir.throttle;

/** Which of a subject's limits. */
public enum LimitKind {
  /** Requests a minute. */
  REQUESTS("requests"),
  /** Tokens a minute. */
  TOKENS("tokens"),
  /** Requests at a time. */
  CONCURRENCY("concurrency"),
  /** USD a period. */
  BUDGET("budget");

  private final String word;

  LimitKind(String word) {
    this.word = word;
  }

  /** Its name in meters and, but for budgets, the {@code type} of a 429's error. */
  public String word() {
    return word;
  }
}
