package io.iir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Gauges show what was found last, and nothing else. */
class GaugeSetTest {

  private static final Tags A = Tags.of("rule", "a");
  private static final Tags B = Tags.of("rule", "b");

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final GaugeSet gauges = new GaugeSet(registry, Meters.RULES_VERSION);

  private double value(Tags tags) {
    return registry.get(Meters.RULES_VERSION.id()).tags(tags).gauge().value();
  }

  @Test
  void valuesChange() {
    gauges.show(Map.of(A, 1, B, 2));
    gauges.show(Map.of(A, 3, B, 2));
    assertThat(value(A)).isEqualTo(3);
    assertThat(value(B)).isEqualTo(2);
  }

  @Test
  void whatIsNotFoundAnyMoreGoesAway() {
    gauges.show(Map.of(A, 1, B, 2));
    gauges.show(Map.of(B, 2));
    assertThat(registry.getMeters()).hasSize(1);
    gauges.show(Map.of(A, 5));
    assertThat(value(A)).isEqualTo(5);
  }
}
