package io.iir.feedback;

import java.util.Locale;

/** Who says what an answer was worth. */
public enum Scorer {
  /** Its client. */
  CLIENT,
  /** Its client, by asking a stronger model the same. */
  RETRY,
  /** A model that compared it with another's. */
  JUDGE;

  /** As it is written in the database and in metrics. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
