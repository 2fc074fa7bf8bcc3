package io.iir.throttle.shared;

/**
 * What this gateway used of one subject within the last minute, by the second of Redis's clock:
 * told to a Redis that has lost it. Not thread-safe: its owner locks.
 */
final class Recent {

  /** Seconds for which a slot counts, its own among them. */
  private static final int SLOTS = 61;

  private final long[] seconds = new long[SLOTS];
  private final long[] requests = new long[SLOTS];
  private final long[] tokens = new long[SLOTS];

  /** Adds what was used in {@code second}; below 0 for what was given back to it. */
  void add(long second, long moreRequests, long moreTokens) {
    int index = (int) Math.floorMod(second, (long) SLOTS);
    if (seconds[index] > second) {
      return;
    }
    if (seconds[index] < second) {
      seconds[index] = second;
      requests[index] = 0;
      tokens[index] = 0;
    }
    requests[index] = Math.max(0, requests[index] + moreRequests);
    tokens[index] = Math.max(0, tokens[index] + moreTokens);
  }

  /** Hands out all slots in which something was used; those too old are of no use to anybody. */
  void each(Sink out) {
    for (int i = 0; i < SLOTS; i++) {
      if (requests[i] > 0 || tokens[i] > 0) {
        out.accept(seconds[i], requests[i], tokens[i]);
      }
    }
  }

  /** Takes what was used in a second. */
  interface Sink {
    void accept(long second, long requests, long tokens);
  }
}
