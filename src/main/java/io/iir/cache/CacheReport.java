package io.iir.cache;

import org.jspecify.annotations.Nullable;

/**
 * How the cache is.
 *
 * @param memory what lies in this process
 * @param evictions how many answers this process has dropped for want of room
 * @param inMemory how many of its requests found their answer there
 * @param inRedis how many found it in Redis
 * @param misses how many had it made
 * @param coalesced how many waited for the same request's
 * @param waiting how many wait now
 * @param redis what lies in Redis, which all gateways share; null: there is none, or it gave no
 *     answer
 */
public record CacheReport(
    Stock memory,
    long evictions,
    long inMemory,
    long inRedis,
    long misses,
    long coalesced,
    long waiting,
    @Nullable Stock redis) {

  /**
   * What lies somewhere.
   *
   * @param entries how many answers
   * @param bytes how much room they take
   */
  public record Stock(long entries, long bytes) {}

  /**
   * How many answers were cleared; one that lies in both places counts in both.
   *
   * @param memory in this process
   * @param redis in Redis; null: there is none
   */
  public record Cleared(long memory, @Nullable Long redis) {}
}
