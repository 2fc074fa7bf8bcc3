package io.iir.throttle;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A token bucket that refills evenly over a minute. Not thread-safe: its owner locks. */
final class MinuteBucket {

  private final Bucket bucket;
  private int limit;

  private MinuteBucket(int limit, TimeMeter clock) {
    this.limit = limit;
    this.bucket =
        Bucket.builder()
            .addLimit(bandwidth(limit))
            .withCustomTimePrecision(clock)
            .withSynchronizationStrategy(SynchronizationStrategy.NONE)
            .build();
  }

  /**
   * The bucket to use for {@code limit} from now on: {@code current} with its level carried over in
   * proportion, a full one if there was none, null if there is no limit.
   */
  static @Nullable MinuteBucket resize(@Nullable MinuteBucket current, int limit, TimeMeter clock) {
    if (limit == 0) {
      return null;
    }
    if (current == null) {
      return new MinuteBucket(limit, clock);
    }
    if (current.limit != limit) {
      current.limit = limit;
      current.bucket.replaceConfiguration(
          BucketConfiguration.builder().addLimit(bandwidth(limit)).build(),
          TokensInheritanceStrategy.PROPORTIONALLY);
    }
    return current;
  }

  private static Bandwidth bandwidth(int limit) {
    return Bandwidth.builder().capacity(limit).refillGreedy(limit, Duration.ofMinutes(1)).build();
  }

  int limit() {
    return limit;
  }

  /** When {@code amount} can be taken: zero if now. */
  Duration waitFor(long amount) {
    return amount == 0
        ? Duration.ZERO
        : Duration.ofNanos(bucket.estimateAbilityToConsume(amount).getNanosToWaitForRefill());
  }

  /** Takes {@code amount} whether it is there or not. */
  void charge(long amount) {
    if (amount > 0) {
      bucket.consumeIgnoringRateLimits(amount);
    }
  }

  /** Puts {@code amount} back, up to the limit. */
  void refund(long amount) {
    if (amount > 0) {
      bucket.addTokens(amount);
    }
  }

  RateLimitSnapshot.Level level() {
    return RateLimitSnapshot.Level.of(limit, bucket.getAvailableTokens());
  }
}
