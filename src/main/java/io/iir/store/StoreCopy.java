package io.iir.store;

import io.iir.config.Secret;
import io.iir.config.StartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Copies all that a gateway keeps from the SQLite in its data directory into an empty PostgreSQL,
 * in one transaction. No gateway may run on either meanwhile: on the SQLite none can, for the copy
 * has it alone.
 */
public final class StoreCopy {

  private static final int BATCH = 1000;

  private StoreCopy() {}

  /**
   * Copies.
   *
   * @return how many rows of each table
   * @throws StartException if there is nothing to copy, somebody has the SQLite open, one of the
   *     two cannot be used, or the PostgreSQL is not empty; it is then as it was, but for empty
   *     tables
   */
  public static Map<String, Long> run(Path dataDirectory, Secret url) {
    PostgresUrl where = PostgresUrl.parse(url);
    Path file = dataDirectory.resolve(SqliteDatabase.FILE);
    if (Files.notExists(file)) {
      throw new StartException(
          "There is no %s to copy from.".formatted(file),
          "Name the gateway's data directory.",
          null);
    }
    SqliteDatabase.open(new DataDirectory(dataDirectory));
    Database into = PostgresDatabase.open(where, PostgresDatabase.PATIENCE);
    try (Connection source = alone(file);
        Connection target = into.source().getConnection()) {
      target.setAutoCommit(false);
      Map<String, Long> rows = new LinkedHashMap<>();
      for (String table : inOrder(Salvage.tables(source), target)) {
        requireEmpty(target, table, into.place());
        rows.put(table, copy(source, target, table));
      }
      target.commit();
      return rows;
    } catch (SQLException e) {
      throw new StartException(
          "%s could not be copied to %s: %s."
              .formatted(file, into.place(), String.valueOf(e.getMessage()).strip()),
          "Nothing was copied.",
          e);
    }
  }

  /**
   * A connection that no other can be beside, in a transaction. Others hold a lock on the file as
   * long as they are open, whether they do anything or not.
   */
  private static Connection alone(Path file) throws SQLException {
    SQLiteDataSource plain = new SQLiteDataSource(); // which has not looked at the file yet
    plain.setUrl("jdbc:sqlite:" + file);
    Connection connection = plain.getConnection();
    boolean alone = false;
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma locking_mode = exclusive");
      statement.execute("begin exclusive");
      alone = true;
      return connection;
    } catch (SQLiteException e) {
      if (e.getResultCode() != SQLiteErrorCode.SQLITE_BUSY) {
        throw e;
      }
      throw new StartException(
          "The database %s is in use.".formatted(file),
          "Stop the gateway, and whoever else has it open, so that nothing is added behind the"
              + " copy's back.",
          e);
    } finally {
      if (!alone) {
        connection.close();
      }
    }
  }

  /** Tables that refer to others come after them. */
  private static List<String> inOrder(List<String> tables, Connection target) throws SQLException {
    List<String> first = new ArrayList<>();
    List<String> then = new ArrayList<>();
    for (String table : tables) {
      try (ResultSet keys = target.getMetaData().getImportedKeys(null, null, table)) {
        (keys.next() ? then : first).add(table);
      }
    }
    first.addAll(then);
    return first;
  }

  private static void requireEmpty(Connection target, String table, String place)
      throws SQLException {
    try (Statement statement = target.createStatement();
        ResultSet row = statement.executeQuery("select 1 from \"%s\" limit 1".formatted(table))) {
      if (row.next()) {
        throw new StartException(
            "The database %s is not empty: there are rows in %s.".formatted(place, table),
            "Copy into one on which no gateway was started yet.",
            null);
      }
    }
  }

  private static long copy(Connection source, Connection target, String table) throws SQLException {
    List<String> columns = Salvage.columns(source, table);
    String names = "\"" + String.join("\", \"", columns) + "\"";
    String marks = String.join(", ", Collections.nCopies(columns.size(), "?"));
    long rows = 0;
    try (Statement select = source.createStatement();
        ResultSet row = select.executeQuery("select %s from \"%s\"".formatted(names, table));
        PreparedStatement insert =
            target.prepareStatement(
                "insert into \"%s\" (%s) values (%s)".formatted(table, names, marks))) {
      while (row.next()) {
        for (int i = 1; i <= columns.size(); i++) {
          insert.setObject(i, row.getObject(i));
        }
        insert.addBatch();
        if (++rows % BATCH == 0) {
          insert.executeBatch();
        }
      }
      insert.executeBatch();
    }
    return rows;
  }
}
