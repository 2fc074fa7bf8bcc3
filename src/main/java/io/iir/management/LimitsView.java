package io.iir.management;

import io.iir.metrics.Meters;
import io.iir.redis.Redis;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Limits and budgets, as JMX shows them. Thread-safe. */
record LimitsView(@Nullable Redis redis, IntSupplier replicas, CountedMeters counted)
    implements LimitsMXBean {

  @Override
  public String getCountedIn() {
    if (redis == null) {
      return "memory";
    }
    return redis.isAvailable() ? "redis" : "memory, for Redis is away";
  }

  @Override
  public int getReplicas() {
    return replicas.getAsInt();
  }

  @Override
  public Map<String, Long> getRefusals() {
    return counted.by(Meters.THROTTLE_REFUSALS, "limit");
  }

  @Override
  public Map<String, Long> getRefusalsByScope() {
    return counted.by(Meters.THROTTLE_REFUSALS, "scope");
  }

  @Override
  public long getFallbacks() {
    return counted.sum(Meters.THROTTLE_FALLBACKS);
  }

  @Override
  public long getBudgetAlerts() {
    return counted.sum(Meters.BUDGET_ALERTS);
  }
}
