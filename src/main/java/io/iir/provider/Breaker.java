package io.iir.provider;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides by what calls come to whether further ones may be made: resilience4j's circuit breaker,
 * with what it does not tell. Closed, it lets all through; when too many failed it is open and lets
 * none through for a while; then it is half open and lets a few through, which decide.
 *
 * <p>Whoever gets a permit gives it back, once, with what the call came to. A permit of a state
 * that is over counts for nothing. Thread-safe, without locks where calls begin and end.
 */
final class Breaker {

  /** Why a failed call failed does not matter to it. It is never thrown. */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static final Exception FAILURE =
      new Exception("failed", null, false, false) {
        private static final long serialVersionUID = 1;
      };

  /** No permit. */
  static final int NONE = -1;

  /** The permit of a call beside those that decide: what it comes to counts for nothing. */
  static final int BESIDE = -2;

  /** So long calls may be made beside those that decide. */
  private static final long BESIDE_NANOS = 1_000_000_000;

  /**
   * So many failures in a row open it, whatever came before: when a busy provider stops working,
   * the good calls of the minute before must not keep it closed for another half of a minute.
   */
  static final int ROW = 20;

  /** If they are spread over so long: calls that break all at once are one failure. */
  static final long ROW_NANOS = 200_000_000;

  private final Breakers home;
  private final String provider;
  private final CircuitBreaker breaker;
  private volatile CircuitBreaker.State seen = CircuitBreaker.State.CLOSED;
  private volatile int period;
  private volatile long openUntil;
  private volatile long halfOpenSince;
  private final AtomicInteger row = new AtomicInteger();
  private volatile long rowSince;
  private int openings;

  Breaker(Breakers home, String provider, CircuitBreaker breaker) {
    this.home = home;
    this.provider = provider;
    this.breaker = breaker;
  }

  long now() {
    return home.now();
  }

  /** Whether it lets nothing through now. */
  boolean isShut() {
    return seen == CircuitBreaker.State.OPEN && openUntil - home.now() > 0;
  }

  /** Whether all is well. */
  boolean isClosed() {
    return seen == CircuitBreaker.State.CLOSED;
  }

  /** Whether a few calls are tried. */
  boolean isHalfOpen() {
    return seen == CircuitBreaker.State.HALF_OPEN;
  }

  /**
   * {@code closed}, {@code open} or {@code half_open}: this also while its wait is over and nobody
   * has called since, for the next call is let through.
   */
  String word() {
    CircuitBreaker.State state = seen;
    return word(
        state == CircuitBreaker.State.OPEN && !isShut() ? CircuitBreaker.State.HALF_OPEN : state);
  }

  private static String word(CircuitBreaker.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** In how many seconds it is worth asking again, at least 1. */
  long retrySeconds() {
    long left = seen == CircuitBreaker.State.OPEN ? openUntil - home.now() : 0;
    return Math.max(1, (left + 999_999_999) / 1_000_000_000);
  }

  /** Why it lets nothing through, in words that go behind the name of what is called. */
  String words() {
    CircuitBreaker.Metrics calls = breaker.getMetrics();
    String failed =
        calls.getNumberOfBufferedCalls() == 0
            ? "it failed"
            : "%d of its last %d calls failed"
                .formatted(calls.getNumberOfFailedCalls(), calls.getNumberOfBufferedCalls());
    return isHalfOpen()
        ? "is down: other requests are trying whether it is well again"
        : "is down: %s, asked again in %d s".formatted(failed, retrySeconds());
  }

  /** A permit for a call, or {@link #NONE}. */
  int acquire() {
    if (isShut() || !breaker.tryAcquirePermission()) {
      return NONE;
    }
    settle();
    return period;
  }

  /**
   * A permit for a call that has no other way to go while a few calls decide whether all is well
   * again, or {@link #NONE}: a request is not lost because it came a moment too early. Only for a
   * second, within which those that are well answer; where they hang, nobody is to wait with them.
   */
  int acquireBeside() {
    return isHalfOpen() && home.now() - halfOpenSince < BESIDE_NANOS ? BESIDE : NONE;
  }

  /** The call for which {@code permit} was got has succeeded. */
  void succeeded(int permit) {
    if (permit == period) {
      if (row.get() != 0) {
        row.set(0);
      }
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      settle();
    }
  }

  /** The call for which {@code permit} was got has failed. */
  void failed(int permit) {
    if (permit == period) {
      breaker.onError(0, TimeUnit.NANOSECONDS, FAILURE);
      settle();
      if (isClosed() && failsInARow()) {
        open();
      }
    }
  }

  private boolean failsInARow() {
    int failures = row.incrementAndGet();
    long now = home.now();
    if (failures == 1) {
      rowSince = now;
    }
    return failures >= Math.max(ROW, home.minimumCalls()) && now - rowSince >= ROW_NANOS;
  }

  /** A call that had succeeded, as it seemed, has failed after all. */
  void failedLate() {
    failed(period);
  }

  /** The call for which {@code permit} was got says nothing. */
  void released(int permit) {
    if (permit == period) {
      breaker.releasePermission();
    }
  }

  /** Opens it at once. */
  void open() {
    if (seen != CircuitBreaker.State.OPEN) {
      breaker.transitionToOpenState();
      settle();
    }
  }

  /** Ends the wait: the next calls are tried. */
  void tryNow() {
    if (seen == CircuitBreaker.State.OPEN) {
      breaker.transitionToHalfOpenState();
      settle();
    }
  }

  /** Closes it: all is well again. */
  void close() {
    if (seen != CircuitBreaker.State.CLOSED) {
      breaker.transitionToClosedState();
      settle();
    }
  }

  private void settle() {
    if (breaker.getState() != seen) {
      changed();
    }
  }

  private synchronized void changed() {
    CircuitBreaker.State now = breaker.getState();
    if (now == seen) {
      return;
    }
    if (now == CircuitBreaker.State.OPEN) {
      openings++;
      openUntil = home.now() + home.openNanos(openings);
    } else if (now == CircuitBreaker.State.HALF_OPEN) {
      halfOpenSince = home.now();
    } else if (now == CircuitBreaker.State.CLOSED) {
      openings = 0;
    }
    period++;
    row.set(0);
    seen = now;
    home.changed(provider, breaker.getName(), word(now), now == CircuitBreaker.State.OPEN);
  }
}
