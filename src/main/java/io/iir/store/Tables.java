package io.iir.store;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;

/** The versions that the tables of a database have, as the files in {@code db/migration} say. */
final class Tables {

  /** So many seconds a start waits for another gateway that changes the same tables. */
  private static final int LOCK_RETRIES = 600;

  private Tables() {}

  /**
   * Brings the tables up to date. Gateways that do so at once wait for each other.
   *
   * @return the version of tables that a newer gateway has made, with which this one cannot work;
   *     null: they are of the newest that it knows
   * @throws org.flywaydb.core.api.FlywayException if it fails
   */
  static @Nullable String bringUpToDate(DataSource source, String vendor) {
    Flyway flyway =
        Flyway.configure()
            .dataSource(source)
            .locations("classpath:db/migration/" + vendor)
            .lockRetryCount(LOCK_RETRIES)
            .load();
    flyway.migrate();
    for (MigrationInfo applied : flyway.info().applied()) {
      if (applied.getState().isApplied() && !applied.getState().isResolved()) {
        return String.valueOf(applied.getVersion());
      }
    }
    return null;
  }
}
