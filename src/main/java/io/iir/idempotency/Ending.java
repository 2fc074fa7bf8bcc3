package io.iir.idempotency;

/** What became of a request with a key. Immutable. */
public sealed interface Ending {

  /** It failed, and may be tried again. */
  Ending NOTHING = new Nothing();

  /** It was answered, but by more than is kept. */
  Ending TOO_LONG = new TooLong();

  /** Nobody could tell whether it was the first, and its repetitions are told the same. */
  Ending REFUSED = new Refused();

  /** It was answered. */
  record Kept(KeptAnswer answer) implements Ending {}

  /** See {@link #TOO_LONG}. */
  record TooLong() implements Ending {}

  /** See {@link #NOTHING}. */
  record Nothing() implements Ending {}

  /** See {@link #REFUSED}. */
  record Refused() implements Ending {}
}
