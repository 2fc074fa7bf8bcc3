package io.iir.monitoring;

import static org.awaitility.Awaitility.await;

import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A gateway under the standard load, and a Prometheus that has seen all of it. Close it. */
final class WatchedGateway implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Instant start;
  private final StandardLoad load;
  private final PrometheusServer prometheus;

  /** Starts both in {@code folder}, and has so many {@code rounds} of the load pass. */
  WatchedGateway(Path folder, int rounds) throws IOException {
    load = new StandardLoad(Files.createDirectory(folder.resolve("rules")));
    start = Instant.now();
    try {
      prometheus = PrometheusServer.start(folder, load.gateway().port());
    } catch (IOException | RuntimeException | Error e) {
      load.close(); // a gateway that nobody closes is one too many for others' MBeans
      throw e;
    }
    try {
      pass(rounds);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void pass(int rounds) {
    for (int round = 0; round < rounds; round++) {
      load.round();
      double before = requests();
      await().atMost(PATIENCE).until(() -> scraped() >= before);
    }
  }

  private double requests() {
    return load.gateway().bean(MeterRegistry.class).get(Meters.REQUESTS.id()).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private double scraped() {
    return prometheus.now("sum(iir_requests_total)").stream()
        .mapToDouble(series -> series.path("value").path(1).asDouble())
        .sum();
  }

  /** When Prometheus began. */
  Instant start() {
    return start;
  }

  /** What watches it. */
  PrometheusServer prometheus() {
    return prometheus;
  }

  @Override
  public void close() throws IOException {
    prometheus.close();
    load.close();
  }
}
