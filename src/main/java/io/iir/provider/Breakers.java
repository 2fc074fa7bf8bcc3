package io.iir.provider;

import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE;
import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType.TIME_BASED;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import io.iir.config.IirProperties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the {@link Breaker}s of models and endpoints, all by the same settings. They are
 * resilience4j's, by name in its registry, where Camel finds them too. Thread-safe.
 */
public final class Breakers {

  /** Hears of changes. */
  public interface Listener {
    /** A breaker of {@code provider} is now {@code closed}, {@code open} or {@code half_open}. */
    void changed(String provider, String state);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Breakers.class);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final LongSupplier nanoClock;
  private final IntervalFunction wait;
  private final CircuitBreakerConfig config;
  private final CircuitBreakerRegistry registry;
  private final Listener listener;

  /** Breakers as {@code settings} say, by {@code nanoClock}, of which {@code listener} hears. */
  public Breakers(IirProperties.Breaker settings, LongSupplier nanoClock, Listener listener) {
    this.nanoClock = nanoClock;
    this.listener = listener;
    Duration first = settings.openFor();
    this.wait =
        IntervalFunction.ofExponentialBackoff(
            first, 2, first.compareTo(LONGEST) > 0 ? first : LONGEST);
    this.config =
        CircuitBreakerConfig.custom()
            .slidingWindow(
                (int) Math.max(1, settings.window().toSeconds()),
                settings.minimumCalls(),
                TIME_BASED,
                LOCK_FREE)
            .failureRateThreshold(settings.failureRate())
            .permittedNumberOfCallsInHalfOpenState(settings.halfOpenProbes())
            .waitIntervalFunctionInOpenState(wait)
            .clock(new NanoClock(nanoClock))
            .build();
    this.registry = CircuitBreakerRegistry.of(config);
  }

  /** Where resilience4j keeps them. */
  public CircuitBreakerRegistry registry() {
    return registry;
  }

  /** A breaker of {@code provider} that is kept as {@code name}. */
  Breaker kept(String provider, String name) {
    return new Breaker(this, provider, registry.circuitBreaker(name, config));
  }

  /** A breaker of {@code provider} that is not kept. */
  Breaker passing(String provider, String name) {
    return new Breaker(this, provider, CircuitBreaker.of(name, config));
  }

  /** Fewer calls than these tell nothing. */
  int minimumCalls() {
    return config.getMinimumNumberOfCalls();
  }

  long now() {
    return nanoClock.getAsLong();
  }

  /** How long one stays open the {@code n}th time in a row. */
  long openNanos(int n) {
    return wait.apply(n) * 1_000_000;
  }

  void changed(String provider, String name, String state, boolean bad) {
    if (bad) {
      LOG.warn("{} is down: too many calls failed", name);
    } else {
      LOG.info("{}: its circuit breaker is {}", name, state);
    }
    listener.changed(provider, state);
  }

  /** A clock that only goes forward, from an arbitrary time. */
  private static final class NanoClock extends Clock {

    private final LongSupplier nanos;
    private final long start;

    NanoClock(LongSupplier nanos) {
      this.nanos = nanos;
      this.start = nanos.getAsLong();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(nanos.getAsLong() - start);
    }
  }
}
