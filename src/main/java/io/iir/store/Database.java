package io.iir.store;

import com.zaxxer.hikari.HikariConfig;
import io.iir.config.Secret;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where the gateway keeps what must outlive it: whole, and with the newest tables. Immutable. */
public sealed interface Database permits SqliteDatabase, PostgresDatabase {

  /**
   * Opens the database and brings its tables up to date.
   *
   * @param url the PostgreSQL; null: SQLite in {@code directory}
   * @throws io.iir.config.StartException if it cannot be used
   */
  static Database open(DataDirectory directory, @Nullable Secret url) {
    return url == null
        ? SqliteDatabase.open(directory)
        : PostgresDatabase.open(PostgresUrl.parse(url), PostgresDatabase.PATIENCE);
  }

  /** Whose it is, in small letters: also the name of the folder with its tables' versions. */
  String vendor();

  /** Whether its work is done in this process, by the processors that serve requests. */
  boolean isEmbedded();

  /** Which one it is, for people; without a password. */
  String place();

  /** Opens connections to it. */
  DataSource source();

  /** How many of those are kept open, and how long one is waited for. */
  HikariConfig pool();

  /** What was done about a damaged one; null: it was none. */
  default @Nullable Recovery recovery() {
    return null;
  }
}
