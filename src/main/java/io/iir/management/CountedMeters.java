package io.iir.management;

import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;

/** What {@code /metrics} counts, for JMX to show the same numbers. Thread-safe. */
record CountedMeters(MeterRegistry registry) {

  /** A counter's value, of all its tags together. */
  long sum(Meters meter) {
    return (long) registry.find(meter.id()).counters().stream().mapToDouble(Counter::count).sum();
  }

  /** A counter's value by {@code tag}. */
  Map<String, Long> by(Meters meter, String tag) {
    Map<String, Long> values = new TreeMap<>();
    for (Counter counter : registry.find(meter.id()).counters()) {
      values.merge(String.valueOf(counter.getId().getTag(tag)), (long) counter.count(), Long::sum);
    }
    return values;
  }

  /** A gauge's value; 0 where there is none. */
  double gauge(Meters meter) {
    Gauge gauge = registry.find(meter.id()).gauge();
    return gauge == null || Double.isNaN(gauge.value()) ? 0 : gauge.value();
  }
}
