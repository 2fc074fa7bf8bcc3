package io.iir.idempotency;

/** What is to be done with a request that carries a key. Immutable. */
public sealed interface Claim {

  /**
   * It is answered, for it is the first of its key.
   *
   * @param run to be ended when it is
   * @param recorded whether the database knows of it: else only this gateway does
   */
  record First(Run run, boolean recorded) implements Claim {}

  /** It is the repetition of one that was answered so. */
  record Replay(KeptAnswer answer) implements Claim {}

  /** Another request had its key before. */
  record Reused() implements Claim {}

  /** It is the repetition of one whose answer was too long to be kept. */
  record TooLong() implements Claim {}

  /** Nobody can tell, and then nothing is to be done. */
  record Refused() implements Claim {}
}
