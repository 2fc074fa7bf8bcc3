package io.iir.provider;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of the places where a provider is, with what goes on there for all its models. Where a
 * provider has several, one that cannot be reached or fails too often is ejected: its breaker is
 * open. Thread-safe.
 */
final class Endpoint {

  private static final double WEIGHT = 0.2;
  private static final double HALF_LIFE_NANOS = 10e9;

  private final URI url;
  private final Breaker breaker;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile double latencyNanos = Double.NaN;
  private volatile long measuredAt;

  Endpoint(URI url, Breaker breaker) {
    this.url = url;
    this.breaker = breaker;
  }

  URI url() {
    return url;
  }

  Breaker breaker() {
    return breaker;
  }

  int inFlight() {
    return inFlight.get();
  }

  void begin() {
    inFlight.incrementAndGet();
  }

  void end() {
    inFlight.decrementAndGet();
  }

  /**
   * An answer began after so long; a negative time is none. Of two at the same moment one may be
   * lost, which is no harm.
   */
  void began(double nanos) {
    if (!(nanos >= 0)) {
      return;
    }
    double before = latencyNanos;
    latencyNanos = Double.isNaN(before) ? nanos : before + WEIGHT * (nanos - before);
    measuredAt = breaker.now();
  }

  /** How long it takes until an answer begins, as a moving mean; NaN: not measured. */
  double latencyNanos() {
    return latencyNanos;
  }

  /**
   * What another call there costs: those before it, times how long one takes. A time that was
   * measured ten seconds ago counts half: so the slow are tried again. NaN: not measured.
   */
  double cost() {
    double age = Math.max(0, breaker.now() - measuredAt);
    return (inFlight.get() + 1) * latencyNanos * Math.pow(2, -age / HALF_LIFE_NANOS);
  }
}
