package io.iir.throttle;

/**
 * What a subject may spend in a period.
 *
 * @param nanoUsd in billionths of a USD, above 0 and at most {@link #MOST}
 */
public record Budget(long nanoUsd, Period period) {

  /** 9 million USD: beyond it Redis, whose scripts reckon in doubles, would not be exact. */
  public static final long MOST = 9_000_000_000_000_000L;

  public Budget {
    if (nanoUsd <= 0 || nanoUsd > MOST) {
      throw new IllegalArgumentException("a budget is above 0 and at most 9 million USD");
    }
  }
}
