package io.iir.store;

import io.iir.config.StartException;
import io.iir.store.Recovery.Copied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;

/**
 * Builds a database under another name, and moves it into its place when it is complete: whatever
 * breaks off, the next start never takes a half-built one for the database.
 *
 * @param directory where it is
 * @param file its place
 */
record Rebuild(DataDirectory directory, Path file) {

  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  /** While it is built. */
  private static final String NEW = ".new";

  /** When it is complete, until the damaged one has been set aside. */
  private static final String READY = ".salvaged";

  /** Takes away what an earlier start left half-built, and puts in place what lacked only that. */
  void tidy() throws IOException {
    delete(NEW);
    try (var entries = Files.list(directory.path())) {
      for (Path left : entries.filter(Salvage::isWork).toList()) {
        Salvage.delete(left);
      }
    }
    if (Files.exists(file)) {
      delete(READY);
    } else if (Files.exists(name(READY))) {
      Path aside = Aside.move(file);
      Files.move(name(READY), file);
      LOG.error(
          "The last start was broken off when it had salvaged the damaged database {}. The damaged"
              + " one is {}*.",
          file,
          aside.getFileName());
    }
  }

  /** Builds an empty one. */
  void create() throws IOException, SQLException {
    settle(build());
    Files.move(name(NEW), file);
  }

  /**
   * Builds one of what can be read of the damaged one, which is then set aside.
   *
   * @throws StartException if that fails, or the damaged one is of a newer version; it is left
   *     where it is
   */
  Recovery recover(Damage damage) throws IOException, SQLException {
    LOG.warn(
        "The database {} is damaged ({}). What can be read of it is copied into a new one.",
        file,
        damage.reason());
    Map<String, Copied> tables;
    try {
      tables = salvage();
    } catch (IOException | SQLException e) {
      throw new StartException(
          "The database %s is damaged (%s), and what can be read of it could not be copied into a new one: %s."
              .formatted(file, damage.reason(), e.getMessage()),
          ("It is as it was. Is there room for two more of its size? Then start again; or restore"
              + " it from a backup, or move it away: the gateway then starts with an empty one"
              + " (API keys have to be issued anew)."),
          e);
    }
    Files.move(name(NEW), name(READY));
    Path aside = Aside.move(file);
    Files.move(name(READY), file);
    return new Recovery(file, damage.reason(), aside, tables);
  }

  private Map<String, Copied> salvage() throws IOException, SQLException {
    boolean complete = false;
    try {
      SQLiteDataSource source = build();
      Map<String, Copied> tables;
      try (Connection connection = source.getConnection();
          Salvage salvage = new Salvage(file, connection)) {
        Integer newer = salvage.newerVersion();
        if (newer != null) {
          throw SqliteDatabase.newer(file, newer.toString());
        }
        tables = salvage.copy();
      }
      settle(source);
      complete = true;
      return tables;
    } finally {
      if (!complete) {
        delete(NEW);
      }
    }
  }

  private SQLiteDataSource build() throws IOException, SQLException {
    Path fresh = directory.file(name(NEW).getFileName().toString());
    SQLiteDataSource source = SqliteDatabase.sqlite(fresh);
    Damage damage = SqliteDatabase.migrate(source, fresh);
    if (damage != null) {
      throw new SQLException(damage.reason());
    }
    return source;
  }

  /** Leaves nothing beside the file: what is written ahead of it would not move with it. */
  private void settle(SQLiteDataSource source) throws IOException, SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeQuery("pragma wal_checkpoint(truncate)").close();
    }
    Path ahead = name(NEW + "-wal");
    if (Files.exists(ahead) && Files.size(ahead) > 0) {
      throw new IOException(ahead + " is not empty");
    }
    Files.deleteIfExists(ahead);
    Files.deleteIfExists(name(NEW + "-shm"));
  }

  private void delete(String end) throws IOException {
    for (String part : List.of("", "-wal", "-shm", "-journal")) {
      Files.deleteIfExists(name(end + part));
    }
  }

  private Path name(String end) {
    return file.resolveSibling(file.getFileName() + end);
  }
}
