package io.iir.management;

import io.iir.metrics.Meters;
import io.iir.store.StoreHealth;
import java.util.Map;

/** The ledger, as JMX shows it. Thread-safe. */
record LedgerView(StoreHealth health, CountedMeters counted) implements LedgerMXBean {

  @Override
  public Map<String, Long> getRows() {
    return counted.by(Meters.USAGE_ROWS, "outcome");
  }

  @Override
  public long getWaiting() {
    return (long) counted.gauge(Meters.USAGE_WAITING);
  }

  @Override
  public double getLagSeconds() {
    return counted.gauge(Meters.USAGE_LAG);
  }

  @Override
  public String getDatabase() {
    return health.vendor();
  }

  @Override
  public boolean isDatabaseUp() {
    return health.answers();
  }
}
