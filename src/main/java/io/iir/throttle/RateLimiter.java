package io.iir.throttle;

/**
 * Admits requests within their subject's {@link Limits}. Thread-safe; never blocks, so event loops
 * may call it.
 */
public interface RateLimiter {

  /**
   * Takes one request, {@code tokens} tokens and one running slot from the subject, all or none.
   *
   * @param subject whose limits: a key's id
   * @param limits what holds for it now; a change takes hold with this very request
   * @param tokens what the request may use at most, see {@link TokenReservation}; 0 or more
   * @return the admission, to be settled when the request has ended, however it ended
   * @throws RateLimitedException if a limit forbids it; nothing was taken then
   */
  Admission admit(String subject, Limits limits, long tokens);
}
