package io.iir.backend;

import io.iir.metrics.GaugeSet;
import io.iir.metrics.MeterReading;
import io.iir.metrics.Meters;
import io.iir.metrics.ModelTag;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;

/** Shows how the connections to providers are used. Thread-safe. */
public final class UpstreamGauges implements MeterReading {

  private final UpstreamClient client;
  private final GaugeSet connections;
  private final GaugeSet waiting;

  /** Of {@code client}, in {@code registry}. */
  public UpstreamGauges(UpstreamClient client, MeterRegistry registry) {
    this.client = client;
    this.connections = new GaugeSet(registry, Meters.UPSTREAM_CONNECTIONS);
    this.waiting = new GaugeSet(registry, Meters.UPSTREAM_WAITING);
  }

  @Override
  public void read() {
    Map<Tags, Integer> used = new HashMap<>();
    Map<Tags, Integer> queued = new HashMap<>();
    client
        .use()
        .forEach((provider, use) -> {
          Tags tags = Tags.of(ModelTag.PROVIDER, provider);
          used.put(tags.and("state", "active"), use.active());
          used.put(tags.and("state", "idle"), use.idle());
          queued.put(tags, use.waiting());
        });
    connections.show(used);
    waiting.show(queued);
  }
}
