package io.iir.throttle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the limits a minute of a request stood at one moment: of requests and of tokens that of
 * which least was left. A part is null where there is no limit.
 */
public record RateLimitSnapshot(@Nullable Level requests, @Nullable Level tokens) {

  /** A request without limits. */
  public static final RateLimitSnapshot UNLIMITED = new RateLimitSnapshot(null, null);

  /**
   * One limit.
   *
   * @param limit how much a minute
   * @param remaining how much is left now, 0 while in debt
   * @param reset when all of {@code limit} is there again if nothing more is used
   */
  public record Level(long limit, long remaining, Duration reset) {}
}
