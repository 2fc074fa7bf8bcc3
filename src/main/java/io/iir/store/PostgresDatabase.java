package io.iir.store;

import com.zaxxer.hikari.HikariConfig;
import io.iir.config.StartException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * A PostgreSQL, which several gateways may share. It answered when it was opened; from then on it
 * may be away: whoever asks it gets a {@link SQLException} in bounded time.
 *
 * @param source what opens connections to it
 */
record PostgresDatabase(PostgresUrl url, PGSimpleDataSource source) implements Database {

  /** How long a start waits for it: databases are often started beside the gateway. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);
  private static final String VENDOR = "postgresql";
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int CONNECT_SECONDS = 5;

  /** No query of a request takes as long; one that does has a server that hangs behind it. */
  private static final Duration READ = Duration.ofSeconds(15);

  /** A change of large tables does. */
  private static final Duration MIGRATION = Duration.ofMinutes(30);

  /** Ten gateways at a time fit into what a server takes by default: 100. */
  private static final int CONNECTIONS = 8;

  private static final int IDLE = 2;
  private static final int WAIT_MILLIS = 2000;
  private static final int VALIDATION_MILLIS = 1000;

  /**
   * Waits until it answers, and brings its tables up to date.
   *
   * @param patience how long it is waited for
   * @throws StartException if it cannot be used
   */
  static PostgresDatabase open(PostgresUrl url, Duration patience) {
    await(url, patience);
    try {
      String newer = Tables.bringUpToDate(connect(url, MIGRATION), VENDOR);
      if (newer != null) {
        throw new StartException(
            "The database %s was written by a newer version of the gateway (its tables are of version %s)."
                .formatted(url.place(), newer),
            "Start that version again, or restore the database from a backup of before.",
            null);
      }
    } catch (FlywayException e) {
      throw new StartException(
          "The tables of the database %s cannot be brought up to date: %s."
              .formatted(url.place(), reason(NestedExceptionUtils.getMostSpecificCause(e))),
          "The gateway's user needs the right to create tables (GRANT CREATE, USAGE ON SCHEMA"
              + " public), in a database of the gateway's own.",
          e);
    }
    return new PostgresDatabase(url, connect(url, READ));
  }

  private static void await(PostgresUrl url, Duration patience) {
    PGSimpleDataSource source = connect(url, READ);
    long start = System.nanoTime();
    boolean told = false;
    while (true) {
      try {
        source.getConnection().close();
        return;
      } catch (SQLException e) {
        boolean late = System.nanoTime() - start >= patience.toNanos();
        if (late || !Outage.shows(e)) {
          throw unusable(url, e, late ? patience : Duration.ZERO);
        }
        if (!told) {
          LOG.warn(
              "PostgreSQL at {} does not answer ({}). It is waited for, {} s at most.",
              url.place(),
              reason(e),
              patience.toSeconds());
          told = true;
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("The start was broken off while PostgreSQL was waited for.");
    }
  }

  private static StartException unusable(PostgresUrl url, SQLException e, Duration waited) {
    return new StartException(
        "PostgreSQL at %s cannot be used%s: %s."
            .formatted(
                url.place(),
                waited.isZero() ? "" : " (it was waited for, %d s)".formatted(waited.toSeconds()),
                reason(e)),
        "Is it up, and are host, port, database, user and password in DATABASE_URL"
            + " (iir.database-url) right? A gateway that runs goes on without it; one that starts"
            + " needs it. Without DATABASE_URL, SQLite is used.",
        e);
  }

  /** What the server or the driver says, in one line without its full stop. */
  @SuppressWarnings("ReferenceEquality") // the failure itself, not one like it
  private static String reason(Throwable failure) {
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
    String said = String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
    String text = said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
    return cause == failure || cause instanceof SQLException
        ? text
        : "%s (%s: %s)".formatted(text, cause.getClass().getSimpleName(), cause.getMessage());
  }

  private static PGSimpleDataSource connect(PostgresUrl url, Duration read) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(
        url.servers().stream().map(PostgresUrl.Server::host).toArray(String[]::new));
    source.setPortNumbers(url.servers().stream().mapToInt(PostgresUrl.Server::port).toArray());
    source.setDatabaseName(url.database());
    source.setUser(url.user());
    source.setPassword(url.password() == null ? null : url.password().value());
    source.setApplicationName("iir");
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout((int) read.toSeconds());
    source.setTcpKeepAlive(true);
    source.setLogServerErrorDetail(false); // it would show what rows hold
    for (Map.Entry<String, String> each : url.parameters().entrySet()) {
      source.setProperty(PGProperty.forName(each.getKey()), each.getValue());
    }
    return source;
  }

  @Override
  public String vendor() {
    return VENDOR;
  }

  @Override
  public boolean isEmbedded() {
    return false;
  }

  @Override
  public String place() {
    return url.place();
  }

  @Override
  public HikariConfig pool() {
    HikariConfig pool = new HikariConfig();
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setMinimumIdle(IDLE);
    pool.setConnectionTimeout(WAIT_MILLIS);
    pool.setValidationTimeout(VALIDATION_MILLIS);
    return pool;
  }
}
