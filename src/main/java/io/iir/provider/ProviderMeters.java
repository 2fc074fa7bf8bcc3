package io.iir.provider;

import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What is measured of providers' breakers, endpoints and keys. Thread-safe. */
final class ProviderMeters implements Breakers.Listener {

  private static final String PROVIDER = "gen_ai.provider.name";

  private final MeterRegistry registry;

  ProviderMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void changed(String provider, String state) {
    Counter.builder(Meters.BREAKER_CHANGES.id())
        .tag(PROVIDER, provider)
        .tag("state", state)
        .register(registry)
        .increment();
  }

  /** Shows what is out of use of the provider {@code name}. */
  void watch(String name, ProviderTraffic traffic) {
    Gauge.builder(Meters.PROVIDER_KEYS_COOLED.id(), traffic, ProviderTraffic::cooled)
        .tag(PROVIDER, name)
        .register(registry);
    Gauge.builder(Meters.PROVIDER_ENDPOINTS_EJECTED.id(), traffic, ProviderTraffic::ejected)
        .tag(PROVIDER, name)
        .register(registry);
  }
}
