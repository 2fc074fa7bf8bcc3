package io.iir.throttle;

/**
 * When something is decided, and by how many.
 *
 * @param millis on a clock that never goes back, near those of the epoch: for windows
 * @param wall milliseconds of the epoch: for calendars
 * @param replicas gateways that share the limits, each having its part of them
 */
record Moment(long millis, long wall, int replicas) {

  /**
   * This gateway's part of {@code limit}, rounded down; but 1 at least, for no subject is to be
   * shut out because there are more gateways than it may make requests.
   */
  long share(int limit) {
    return replicas <= 1 ? limit : Math.max(1, limit / replicas);
  }
}
