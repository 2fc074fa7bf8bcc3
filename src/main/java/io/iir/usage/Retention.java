package io.iir.usage;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes rows that are too old, now and then, on a virtual thread: a few at a time, so that others
 * can write between. The sums of their days stay.
 */
final class Retention implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final Duration PAUSE = Duration.ofHours(1);
  private static final Duration BREATH = Duration.ofMillis(50);
  private static final int PORTION = 500;

  private final LedgerTables tables;
  private final Duration keep;
  private final Clock clock;
  private final Thread thread;

  Retention(LedgerTables tables, Duration keep, Clock clock) {
    this.tables = tables;
    this.keep = keep;
    this.clock = clock;
    thread = Thread.ofVirtual().name("usage-retention").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        try {
          prune();
        } catch (SQLException e) {
          LOG.warn("old rows of the usage ledger cannot be deleted: {}", e.getMessage());
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes all that is too old; returns how many rows. */
  long prune() throws SQLException, InterruptedException {
    long oldest = RowIds.least(clock.millis() - keep.toMillis());
    long all = 0;
    int some;
    do {
      some = tables.prune(oldest, PORTION);
      all += some;
      if (some == PORTION) {
        Thread.sleep(BREATH);
      }
    } while (some == PORTION);
    return all;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
