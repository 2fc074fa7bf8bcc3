package io.iir.rules;

import io.iir.metrics.GaugeSet;
import io.iir.metrics.MeterReading;
import io.iir.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;

/** Shows which texts of the rules decide, and whether those that lie there do. Thread-safe. */
final class RuleGauges implements MeterReading {

  private final Rules rules;
  private final GaugeSet versions;
  private final GaugeSet degraded;

  RuleGauges(Rules rules, MeterRegistry registry) {
    this.rules = rules;
    this.versions = new GaugeSet(registry, Meters.RULES_VERSION);
    this.degraded = new GaugeSet(registry, Meters.RULES_DEGRADED);
  }

  @Override
  public void read() {
    Map<Tags, Long> numbers = new HashMap<>();
    Map<Tags, Long> refused = new HashMap<>();
    for (RuleStatus status : rules.status()) {
      Tags tags = Tags.of("rule", status.id());
      numbers.put(tags, status.version());
      refused.put(tags, status.isOk() ? 0L : 1L);
    }
    versions.show(numbers);
    degraded.show(refused);
  }
}
