package io.iir.throttle;

/**
 * A request that was let in: it holds a running slot, and tokens once they are reserved, until it
 * is settled. Thread-safe.
 */
public interface Admission {

  /**
   * Where the subject's limits stood right after the last of this request's calls that took
   * something or was refused.
   */
  RateLimitSnapshot snapshot();

  /**
   * Takes {@code tokens} in advance. Called at most once, before the request is settled.
   *
   * @param tokens what the request may use at most, see {@link TokenReservation}; 0 or more
   * @throws RateLimitedException if they are not there: the request has ended, its slot is free; it
   *     has counted as a request
   */
  void reserve(long tokens);

  /**
   * Ends the request: frees its slot, gives back the tokens it did not use, and charges those it
   * used beyond its reservation, into debt if need be. Only the first call counts.
   *
   * @param actualTokens what the request used, prompt and completion; below 0 counts as 0
   */
  void settle(long actualTokens);
}
