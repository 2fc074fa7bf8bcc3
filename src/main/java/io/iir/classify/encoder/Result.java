package io.iir.classify.encoder;

/** What came of asking the second stage. */
public enum Result {
  /** It told its scores. */
  READ("read"),
  /** The same text's scores were kept. */
  KEPT("kept"),
  /** Too many texts were before it, or the model is still being opened. */
  BUSY("busy"),
  /** The scores were not there in time. */
  LATE("late"),
  /** It cannot be asked, or asking failed. */
  FAILED("failed");

  private final String word;

  Result(String word) {
    this.word = word;
  }

  /** The word in metrics. */
  public String word() {
    return word;
  }
}
