package io.iir.redis;

import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What is measured of calls to Redis. Thread-safe. */
final class RedisMeters {

  private final Counter success;
  private final Counter timeout;
  private final Counter failure;
  private final Counter skip;
  private final Timer duration;

  RedisMeters(MeterRegistry registry) {
    success = counter(registry, "success");
    timeout = counter(registry, "timeout");
    failure = counter(registry, "failure");
    skip = counter(registry, "skipped");
    duration = Timer.builder(Meters.REDIS_CALL_DURATION.id()).register(registry);
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder(Meters.REDIS_CALLS.id()).tag("outcome", outcome).register(registry);
  }

  /** A call was answered after {@code nanos}. */
  void succeeded(long nanos) {
    success.increment();
    duration.record(nanos, TimeUnit.NANOSECONDS);
  }

  void timedOut() {
    timeout.increment();
  }

  void failed() {
    failure.increment();
  }

  /** None was made, for it would fail. */
  void skipped() {
    skip.increment();
  }
}
