package io.iir.retry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many calls to one provider may be made once more: a share of the calls made to it, and a few
 * besides, so that a provider in trouble is not asked several times as much as before. A bucket of
 * tokens: a call adds the share, a retry takes one, and one comes by itself each second while fewer
 * than the reserve are there. Thread-safe, without locks.
 *
 * @see <a href="https://finagle.github.io/blog/2016/02/08/retry-budgets/">Finagle's retry
 *     budgets</a>
 * @see <a
 *     href="https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs">
 *     gRPC's retry throttling</a>
 */
public final class RetryBudget {

  /** So many retries are there without any call before them. */
  public static final int RESERVE = 10;

  /** Calls of better times pay for no more than so many retries. */
  private static final int MOST = 100;

  private static final long TOKEN = 1_000_000;
  private static final long NANOS_A_TOKEN = 1_000_000_000L;

  private final long deposit;
  private final LongSupplier nanoClock;
  private final AtomicLong tokens = new AtomicLong(RESERVE * TOKEN);
  private final AtomicLong filledAt;

  /** A budget of {@code share} retries a call, 0 to 1, by {@code nanoClock}. */
  RetryBudget(double share, LongSupplier nanoClock) {
    this.deposit = Math.round(share * TOKEN);
    this.nanoClock = nanoClock;
    this.filledAt = new AtomicLong(nanoClock.getAsLong());
  }

  /** A call is made that is no retry. */
  public void called() {
    if (tokens.get() < MOST * TOKEN) {
      tokens.addAndGet(deposit);
    }
  }

  /** Whether one more retry may be made, which from now on is counted. */
  public boolean take() {
    refill();
    long before = tokens.get();
    while (before >= TOKEN) {
      if (tokens.compareAndSet(before, before - TOKEN)) {
        return true;
      }
      before = tokens.get();
    }
    return false;
  }

  /** Adds what the time that has passed brings, up to the reserve. */
  private void refill() {
    long now = nanoClock.getAsLong();
    long since = filledAt.get();
    long seconds = (now - since) / NANOS_A_TOKEN;
    if (seconds > 0 && filledAt.compareAndSet(since, since + seconds * NANOS_A_TOKEN)) {
      long missing = RESERVE * TOKEN - tokens.get();
      if (missing > 0) {
        tokens.addAndGet(Math.min(missing, Math.min(seconds, RESERVE) * TOKEN));
      }
    }
  }
}
