package io.iir.throttle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a subject's limits a minute stood at one moment; a part is null where there is no limit.
 */
public record RateLimitSnapshot(@Nullable Level requests, @Nullable Level tokens) {

  /** A subject without limits. */
  public static final RateLimitSnapshot UNLIMITED = new RateLimitSnapshot(null, null);

  /**
   * One limit.
   *
   * @param limit how much a minute
   * @param remaining how much is left now, 0 while in debt
   * @param reset when all of {@code limit} is there again if nothing more is used
   */
  public record Level(long limit, long remaining, Duration reset) {

    /** The level of a bucket that holds {@code available} of {@code limit}, below 0 in debt. */
    static Level of(long limit, long available) {
      long missing = Math.max(0, limit - available);
      double minutes = (double) missing / limit;
      Duration reset = Duration.ofMillis((long) Math.ceil(minutes * 60_000));
      return new Level(limit, Math.max(0, available), reset);
    }
  }
}
