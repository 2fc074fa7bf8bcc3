package io.iir.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to pause before a call is made once more: a random time up to a bound that doubles each
 * time ("full jitter"), so that those who failed together do not come back together.
 *
 * @param first the bound before the first retry
 * @param most no pause is longer
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">
 *     Exponential backoff and jitter</a>
 */
public record Backoff(Duration first, Duration most) {

  private static final int MANY = 30;

  /** The pause before the retry {@code number}, which counts from 0. */
  public Duration before(int number, RandomGenerator random) {
    double bound = first.toNanos() * (double) (1L << Math.min(number, MANY));
    long limit = (long) Math.min(bound, (double) most.toNanos());
    return Duration.ofNanos(limit <= 0 ? 0 : random.nextLong(limit + 1));
  }
}
