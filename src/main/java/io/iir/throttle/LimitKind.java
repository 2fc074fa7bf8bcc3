package io.iir.throttle;

/** Which of a subject's limits. */
public enum LimitKind {
  /** Requests a minute. */
  REQUESTS("requests", "requests", "rate_limit_exceeded"),
  /** Tokens a minute. */
  TOKENS("tokens", "tokens", "rate_limit_exceeded"),
  /** Requests at a time. */
  CONCURRENCY("concurrency", "concurrency", "rate_limit_exceeded"),
  /** USD a period. */
  BUDGET("budget", "insufficient_quota", "insufficient_quota");

  private final String word;
  private final String type;
  private final String code;

  LimitKind(String word, String type, String code) {
    this.word = word;
    this.type = type;
    this.code = code;
  }

  /** Its name in meters. */
  public String word() {
    return word;
  }

  /** The {@code type} of a 429's error. */
  public String type() {
    return type;
  }

  /** The {@code code} of a 429's error. */
  public String code() {
    return code;
  }
}
