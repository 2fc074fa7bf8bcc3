package io.iir.usage;

import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is counted of the ledger. Thread-safe. */
final class UsageMeters {

  private static final Logger LOG = LoggerFactory.getLogger(UsageMeters.class);
  private static final long LOUD = 1_000;

  private final MeterRegistry registry;
  private final Counter written;
  private final Counter known;
  private final Counter lost;

  UsageMeters(MeterRegistry registry) {
    this.registry = registry;
    written = rows("written");
    known = rows("known");
    lost = rows("lost");
  }

  private Counter rows(String outcome) {
    return Counter.builder(Meters.USAGE_ROWS.id()).tag("outcome", outcome).register(registry);
  }

  /** From now on {@code waiting} and {@code lagSeconds} are shown. */
  void watch(Supplier<Number> waiting, Supplier<Number> lagSeconds) {
    Gauge.builder(Meters.USAGE_WAITING.id(), waiting).register(registry);
    Gauge.builder(Meters.USAGE_LAG.id(), lagSeconds).baseUnit("seconds").register(registry);
  }

  /** So many rows are in the database now. */
  void written(int rows) {
    written.increment(rows);
  }

  /** So many rows were there already: a process was killed right behind their writing. */
  void known(int rows) {
    known.increment(rows);
  }

  /**
   * So many rows are in no place: neither disk nor memory had room, or the database refuses them.
   */
  void lost(int rows) {
    double before = lost.count();
    lost.increment(rows);
    if (rows > 0
        && (before == 0 || Math.floor(before / LOUD) < Math.floor((before + rows) / LOUD))) {
      LOG.error("{} rows of the usage ledger are lost so far", (long) (before + rows));
    }
  }
}
