package io.iir.throttle;

/** Which of a subject's limits; the word is the error's {@code type} in a 429. */
public enum LimitKind {
  /** Requests a minute. */
  REQUESTS("requests"),
  /** Tokens a minute. */
  TOKENS("tokens"),
  /** Requests at a time. */
  CONCURRENCY("concurrency");

  private final String word;

  LimitKind(String word) {
    this.word = word;
  }

  /** The error's {@code type}. */
  public String word() {
    return word;
  }
}
