package io.iir.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.iir.config.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.FlywayException;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The database, {@code iir.db} in the data directory: SQLite, written ahead, by a small pool. */
@Configuration(proxyBeanMethods = false)
public class StoreConfiguration {

  private static final String FILE = "iir.db";
  private static final String MEND =
      "Restore %1$s from a backup, or move it away: the gateway then starts with an empty one"
          + " (API keys have to be issued anew).";
  private static final int BUSY_MILLIS = 5000;

  /** SQLite has one writer at a time; more connections than this only wait for each other. */
  private static final int CONNECTIONS = 4;

  @Bean
  HikariDataSource dataSource(DataDirectory directory) {
    Path file = directory.path().resolve(FILE);
    SQLiteDataSource sqlite = sqlite("jdbc:sqlite:" + file);
    try {
      directory.file(FILE);
      check(sqlite);
    } catch (IOException | SQLException e) {
      throw new StartException(
          "The database %s cannot be used: %s.".formatted(file, e.getMessage()),
          MEND.formatted(file),
          e);
    }
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("store");
    pool.setDataSource(sqlite);
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setConnectionTimeout(BUSY_MILLIS);
    return new HikariDataSource(pool);
  }

  /** Brings the schema up to date, or stops the start with a sentence. */
  @Bean
  FlywayMigrationStrategy migration(DataDirectory directory) {
    Path file = directory.path().resolve(FILE);
    return flyway -> {
      try {
        flyway.migrate();
      } catch (FlywayException e) {
        String reason = String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        throw new StartException(
            "The database %s cannot be brought up to date: %s."
                .formatted(file, reason.strip().replaceAll("\\s+", " ")),
            MEND.formatted(file),
            e);
      }
    };
  }

  private static SQLiteDataSource sqlite(String url) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    // A transaction that reads before it writes takes the write lock at its beginning: otherwise
    // two of them would fail each other with SQLITE_BUSY, which waiting does not cure.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl(url);
    return source;
  }

  private static void check(SQLiteDataSource sqlite) throws SQLException {
    try (Connection connection = sqlite.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeQuery("select count(*) from sqlite_schema").close();
    }
  }
}
