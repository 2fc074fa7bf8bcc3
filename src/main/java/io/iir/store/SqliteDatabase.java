package io.iir.store;

import com.zaxxer.hikari.HikariConfig;
import io.iir.config.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The file {@code iir.db} in the data directory. One that was damaged has been set aside, and a new
 * one holds what could be read of it.
 *
 * @param file where it is
 * @param source what opens connections to it
 */
record SqliteDatabase(Path file, SQLiteDataSource source, @Nullable Recovery recovery)
    implements Database {

  private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);
  private static final String VENDOR = "sqlite";
  static final String FILE = "iir.db";
  private static final String MEND =
      "Restore %1$s from a backup, or move it away: the gateway then starts with an empty one"
          + " (API keys have to be issued anew).";
  private static final int BUSY_MILLIS = 5000;

  /** SQLite has one writer at a time; more connections than this only wait for each other. */
  private static final int CONNECTIONS = 4;

  /**
   * Opens it and brings its tables up to date.
   *
   * @throws StartException if it cannot be used for a reason other than damage
   */
  static SqliteDatabase open(DataDirectory directory) {
    Path file = directory.path().resolve(FILE);
    SQLiteDataSource source = sqlite(file);
    Rebuild rebuild = new Rebuild(directory, file);
    try {
      rebuild.tidy();
      Damage damage = Damage.find(source, file);
      if (damage == null && Files.notExists(file)) {
        rebuild.create();
      }
      if (damage == null) {
        damage = migrate(source, file);
      }
      if (damage == null) {
        return new SqliteDatabase(file, source, null);
      }
      Recovery recovery = rebuild.recover(damage);
      LOG.error("{}", recovery.sentence());
      return new SqliteDatabase(file, sqlite(file), recovery);
    } catch (IOException | SQLException e) {
      throw new StartException(
          "The database %s cannot be used: %s.".formatted(file, e.getMessage()),
          MEND.formatted(file),
          e);
    }
  }

  /** Brings the tables up to date; returns why that cannot be done if it is for damage. */
  static @Nullable Damage migrate(SQLiteDataSource source, Path file) {
    try {
      String newer = Tables.bringUpToDate(source, VENDOR);
      if (newer != null) {
        throw newer(file, newer);
      }
      return null;
    } catch (FlywayException e) {
      Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
      String reason = String.valueOf(cause.getMessage()).strip().replaceAll("\\s+", " ");
      if (Damage.shows(cause)) {
        return new Damage(reason);
      }
      throw new StartException(
          "The database %s cannot be brought up to date: %s.".formatted(file, reason),
          MEND.formatted(file),
          e);
    }
  }

  /** The refusal of a database whose tables are of {@code version}. */
  static StartException newer(Path file, String version) {
    return new StartException(
        "The database %s was written by a newer version of the gateway (its tables are of version %s)."
            .formatted(file, version),
        "Start that version again, or restore %s from a backup of before.".formatted(file),
        null);
  }

  /** Opens connections to {@code file} as the gateway wants them. */
  static SQLiteDataSource sqlite(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    // A transaction that reads before it writes takes the write lock at its beginning: otherwise
    // two of them would fail each other with SQLITE_BUSY, which waiting does not cure.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  @Override
  public String vendor() {
    return VENDOR;
  }

  @Override
  public boolean isEmbedded() {
    return true;
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public HikariConfig pool() {
    HikariConfig pool = new HikariConfig();
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setConnectionTimeout(BUSY_MILLIS);
    pool.setExceptionOverride(new Unbegun());
    return pool;
  }
}
