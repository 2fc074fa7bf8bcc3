package io.iir.throttle;

import java.util.List;

/**
 * What one subject used by a {@link MemoryLimiter} since that was asked last.
 *
 * @param quota the subject and its limits, as they were used last
 * @param slots what was used in each second; amounts below 0 were given back of what was told
 *     before
 * @param start when the budget's period began, in milliseconds of the epoch; 0 where there is none
 * @param spentNanoUsd what was spent within that period, in billionths of a USD
 * @param reservedNanoUsd what the requests that run now may cost yet: not part of what was spent
 * @param running how many of its requests run now
 */
public record Used(
    Quota quota,
    List<Slot> slots,
    long start,
    long spentNanoUsd,
    long reservedNanoUsd,
    int running) {

  public Used {
    slots = List.copyOf(slots);
  }

  /**
   * What was used in a second.
   *
   * @param second the second of the epoch that it begins with
   */
  public record Slot(long second, long requests, long tokens) {}
}
