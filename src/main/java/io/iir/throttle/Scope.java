package io.iir.throttle;

/** Whose limits these are; locks are taken in this order. */
public enum Scope {
  /** One API key. */
  KEY("key"),
  /** All keys of a team together. */
  TEAM("team"),
  /** All calls to a model, or to the models of a pattern, together. */
  MODEL("model"),
  /** All that passes the gateway. */
  GATEWAY("gateway");

  private final String word;

  Scope(String word) {
    this.word = word;
  }

  /** Its name in messages, meters and stored keys. */
  public String word() {
    return word;
  }
}
