package io.iir.provider;

import io.iir.metrics.GaugeSet;
import io.iir.metrics.MeterReading;
import io.iir.metrics.Meters;
import io.iir.metrics.ModelTag;
import io.iir.provider.ProviderReport.EndpointReport;
import io.iir.provider.ProviderReport.ModelReport;
import io.iir.provider.ProviderReport.State;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Shows how providers and their circuit breakers are. Thread-safe. */
final class ProviderGauges implements MeterReading {

  private static final List<String> BREAKERS = List.of("closed", "open", "half_open");

  private final ProviderHealth health;
  private final GaugeSet states;
  private final GaugeSet breakers;

  ProviderGauges(ProviderHealth health, MeterRegistry registry) {
    this.health = health;
    this.states = new GaugeSet(registry, Meters.PROVIDER_STATE);
    this.breakers = new GaugeSet(registry, Meters.BREAKERS);
  }

  @Override
  public void read() {
    Map<Tags, Long> in = new HashMap<>();
    Map<Tags, Long> counts = new HashMap<>();
    for (ProviderReport report : health.reports()) {
      Tags tags = Tags.of(ModelTag.PROVIDER, report.name());
      for (State state : State.values()) {
        in.put(tags.and("state", state.word()), report.state() == state ? 1L : 0L);
      }
      for (String word : BREAKERS) {
        counts.put(tags.and("state", word), count(report, word));
      }
    }
    states.show(in);
    breakers.show(counts);
  }

  private static long count(ProviderReport report, String word) {
    return Stream.concat(
            report.endpoints().stream().map(EndpointReport::breaker),
            report.models().stream().map(ModelReport::breaker))
        .filter(word::equals)
        .count();
  }
}
