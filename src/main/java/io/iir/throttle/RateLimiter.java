package io.iir.throttle;

/**
 * Admits requests within their subject's {@link Limits}: first a request and a place among those
 * that run, then its tokens. Thread-safe; never blocks, so event loops may call it.
 *
 * <p>Each call here and on {@link Admission} is atomic by itself and none needs another's lock, so
 * that a store shared by several gateways can do it in one step.
 */
public interface RateLimiter {

  /**
   * Takes one request and one running slot from the subject, both or none. Asks nothing of the
   * request, so that one which is refused need not be read.
   *
   * @param subject whose limits: a key's id
   * @param limits what holds for it now; a change takes hold with this very request
   * @return the admission, to be settled when the request has ended, however it ended
   * @throws RateLimitedException if a limit forbids it; nothing was taken then
   */
  Admission admit(String subject, Limits limits);
}
