package io.iir.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The gauges of one meter, whose values are found all at once. Those that are not found any more go
 * away. Thread-safe.
 */
public final class GaugeSet {

  private final MeterRegistry registry;
  private final Meters meter;
  private final Map<Tags, Shown> shown = new HashMap<>();

  /** A gauge in the registry, and its value. */
  private static final class Shown {
    private final Gauge gauge;
    private volatile double value;

    Shown(MeterRegistry registry, Meters meter, Tags tags, double first) {
      this.value = first;
      this.gauge =
          Gauge.builder(meter.id(), () -> value)
              .tags(tags)
              .strongReference(true)
              .register(registry);
    }
  }

  /** The gauges of {@code meter} in {@code registry}. */
  public GaugeSet(MeterRegistry registry, Meters meter) {
    this.registry = registry;
    this.meter = meter;
  }

  /** From now on they have {@code values}, and there are no others. */
  public synchronized void show(Map<Tags, ? extends Number> values) {
    Iterator<Map.Entry<Tags, Shown>> old = shown.entrySet().iterator();
    while (old.hasNext()) {
      Map.Entry<Tags, Shown> entry = old.next();
      if (!values.containsKey(entry.getKey())) {
        registry.remove(entry.getValue().gauge);
        old.remove();
      }
    }
    values.forEach((tags, value) -> {
      Shown known = shown.get(tags);
      if (known == null) {
        shown.put(tags, new Shown(registry, meter, tags, value.doubleValue()));
      } else {
        known.value = value.doubleValue();
      }
    });
  }
}
