package io.iir.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database answers: asked each second on a thread of its own, so that nobody who wants
 * to know it waits. Thread-safe.
 */
public final class StoreHealth implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);
  private static final long PERIOD_MILLIS = 1000;
  private static final int MOST_SECONDS = 2;

  private final Database database;
  private final DataSource pool;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("store-health").factory());
  private volatile boolean answers = true;

  private StoreHealth(Database database, DataSource pool) {
    this.database = database;
    this.pool = pool;
  }

  /** Asks {@code database} by connections of {@code pool} until it is closed. */
  static StoreHealth watch(Database database, DataSource pool) {
    StoreHealth health = new StoreHealth(database, pool);
    health.thread.scheduleWithFixedDelay(
        health::ask, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return health;
  }

  /** Whether it did when it was asked last. */
  public boolean answers() {
    return answers;
  }

  /** True if it answers, and is what it was before this start. */
  public boolean isOk() {
    return answers && database.recovery() == null;
  }

  /** Whose database it is: sqlite or postgresql. */
  public String vendor() {
    return database.vendor();
  }

  private void ask() {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(MOST_SECONDS);
      statement.executeQuery("select 1").close();
      if (!answers) {
        LOG.info("The database {} answers again.", database.place());
      }
      answers = true;
    } catch (SQLException e) {
      if (answers && !thread.isShutdown()) {
        LOG.warn("The database {} does not answer: {}", database.place(), e.getMessage());
      }
      answers = false;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
