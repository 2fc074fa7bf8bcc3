package io.iir.throttle.shared;

import io.iir.redis.RedisUnavailableException;
import io.iir.throttle.Charge;
import io.iir.throttle.LimitKind;
import io.iir.throttle.Quota;
import io.iir.throttle.RateLimitSnapshot;
import io.iir.throttle.RateLimitedException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a script answered: numbers, the first of which says what came of it. Immutable.
 *
 * @see Scripts
 */
record Answer(List<Object> numbers) {

  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int UNKNOWN_HERE = 2;
  static final int BUDGETS_UNKNOWN = 3;

  /** {@code settle.lua}: the grant was not held. */
  static final int NOT_HELD = 1;

  private static final int REQUESTS = 2;
  private static final int TOKENS = 5;
  private static final int MORE = 8;
  private static final LimitKind[] KINDS = {
    LimitKind.REQUESTS, LimitKind.TOKENS, LimitKind.CONCURRENCY, LimitKind.BUDGET
  };

  int code() {
    return (int) number(0);
  }

  /** What came of a call whose answer says no more; -1: nothing did. */
  static int code(@Nullable List<Object> numbers, @Nullable Throwable failure) {
    return failure == null
            && numbers != null
            && !numbers.isEmpty()
            && numbers.get(0) instanceof Long code
        ? code.intValue()
        : -1;
  }

  /** The second in which it was decided. */
  long second() {
    return number(1);
  }

  int size() {
    return numbers.size();
  }

  /** One number; what is none comes from no script of ours. */
  long number(int index) {
    if (index < numbers.size() && numbers.get(index) instanceof Long number) {
      return number;
    }
    throw new RedisUnavailableException("it answers what means nothing");
  }

  RateLimitSnapshot snapshot() {
    RateLimitSnapshot.Level requests = level(REQUESTS);
    RateLimitSnapshot.Level tokens = level(TOKENS);
    return requests == null && tokens == null
        ? RateLimitSnapshot.UNLIMITED
        : new RateLimitSnapshot(requests, tokens);
  }

  private RateLimitSnapshot.@Nullable Level level(int at) {
    long limit = number(at);
    return limit == 0
        ? null
        : new RateLimitSnapshot.Level(limit, number(at + 1), Duration.ofMillis(number(at + 2)));
  }

  /** What was used of the budget of the holding {@code index} before; -1: it was not asked. */
  long used(int index) {
    return number(MORE + index);
  }

  /** Which holding's limits refused. */
  int refuser() {
    return (int) number(MORE);
  }

  /** The refusal of {@code whole} by {@code quota}. */
  RateLimitedException refusal(Quota quota, Charge whole) {
    int kind = (int) number(MORE + 1);
    if (kind < 0 || kind >= KINDS.length) {
      throw new RedisUnavailableException("it answers what means nothing");
    }
    long wait = number(MORE + 2);
    long asked =
        switch (KINDS[kind]) {
          case REQUESTS, CONCURRENCY -> 1;
          case TOKENS -> whole.tokens();
          case BUDGET -> whole.nanoUsd();
        };
    return new RateLimitedException(
        quota, KINDS[kind], asked, wait < 0 ? null : Duration.ofMillis(wait), snapshot());
  }
}
