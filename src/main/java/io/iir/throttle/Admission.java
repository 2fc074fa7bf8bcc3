package io.iir.throttle;

/**
 * A request that was let in: it holds a running slot and a reservation of tokens until it is
 * settled. Thread-safe.
 */
public interface Admission {

  /** Where the subject's limits stood right after this request was let in. */
  RateLimitSnapshot snapshot();

  /**
   * Ends the request: frees its slot, gives back the tokens it did not use, and charges those it
   * used beyond its reservation, into debt if need be. Only the first call counts.
   *
   * @param actualTokens what the request used, prompt and completion; below 0 counts as 0
   */
  void settle(long actualTokens);
}
