package io.iir.store;

import io.iir.store.Recovery.Copied;
import java.io.IOException;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Copies what can be read of a damaged database into a new one, in one transaction: each table from
 * its beginning up to the damage, from its end back to it, and row by row between. Reads tables
 * themselves and no indexes, and leaves the damaged file as it is.
 */
final class Salvage implements AutoCloseable {

  /** How many rows are tried one by one where nobody knows how many there were. */
  private static final long BLINDLY = 10_000;

  private static final long MOST_TRIED = 1_000_000;

  private static final String WORK = ".salvage";

  private final Path work;
  private final Connection into;
  private final @Nullable Connection from;

  /** Copies from a copy of {@code damaged}: reading would change the file. */
  Salvage(Path damaged, Connection into) throws IOException {
    this.into = into;
    this.work = Files.createTempDirectory(damaged.getParent(), WORK);
    boolean copied = false;
    try {
      from = open(damaged, work.resolve("damaged.db"));
      copied = true;
    } finally {
      if (!copied) {
        delete(work);
      }
    }
  }

  private static @Nullable Connection open(Path damaged, Path copy) throws IOException {
    for (String part : List.of("", "-wal")) {
      Path source = damaged.resolveSibling(damaged.getFileName() + part);
      if (Files.exists(source)) {
        Files.copy(source, copy.resolveSibling(copy.getFileName() + part));
      }
    }
    if (Files.notExists(copy) || Files.size(copy) == 0) {
      Header.blank(copy);
    }
    Connection connection = open(copy);
    return connection == null && Header.mend(copy) ? open(copy) : connection;
  }

  private static @Nullable Connection open(Path file) {
    SQLiteDataSource source = new SQLiteDataSource(new SQLiteConfig());
    source.setUrl("jdbc:sqlite:" + file);
    try {
      Connection connection = source.getConnection();
      try (Statement statement = connection.createStatement()) {
        statement.executeQuery("select count(*) from sqlite_schema").close();
        return connection;
      } catch (SQLException e) {
        connection.close();
        return null;
      }
    } catch (SQLException e) {
      return null;
    }
  }

  /** Copies all tables; returns what came of each. */
  Map<String, Copied> copy() throws SQLException {
    Map<String, Copied> tables = new LinkedHashMap<>();
    try (Statement statement = into.createStatement()) {
      statement.execute("pragma foreign_keys = off");
      into.setAutoCommit(false);
      for (String table : tables(into)) {
        tables.put(table, from == null ? new Copied(0, false) : copy(from, table));
      }
      if (from != null) {
        unknown(from, tables.keySet()).forEach(table -> tables.put(table, new Copied(0, false)));
      }
      into.commit();
      into.setAutoCommit(true);
      statement.execute("pragma foreign_keys = on");
    }
    return tables;
  }

  /** The version of the damaged one's tables if it is newer than any known here; else null. */
  @Nullable Integer newerVersion() throws SQLException {
    int ours = version(into);
    try {
      int theirs = from == null ? 0 : version(from);
      return theirs > ours ? theirs : null;
    } catch (SQLException e) { // it cannot be read
      return null;
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select coalesce(max(cast(version as integer)), 0) from flyway_schema_history
                where success
                """)) {
      return row.getInt(1);
    }
  }

  /** The tables of {@code from} that are not among {@code known}. */
  private static List<String> unknown(Connection from, Set<String> known) {
    try {
      return tables(from).stream().filter(table -> !known.contains(table)).toList();
    } catch (SQLException e) {
      return List.of();
    }
  }

  /** The tables whose rows are worth copying: what counts changes counts them wherever they go. */
  static List<String> tables(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select name from sqlite_schema where type = 'table'
                and name not like 'sqlite_%' and name not like 'flyway_%' and name <> 'key_changes'
                order by name
                """)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  /** A table that an older version did not have is whole without a row. */
  private Copied copy(Connection from, String table) throws SQLException {
    List<String> columns = new ArrayList<>(columns(into, table));
    try {
      if (!tables(from).contains(table)) {
        return new Copied(0, !damagedSchema(from));
      }
      columns.retainAll(columns(from, table));
    } catch (SQLException e) {
      return new Copied(0, false);
    }
    try (TableCopy copy = new TableCopy(from, into, table, columns)) {
      boolean whole = copy.forward();
      if (!whole) {
        copy.backward();
        copy.between(BLINDLY, MOST_TRIED);
      }
      return new Copied(copy.rows(), whole);
    }
  }

  /** Without any table of ours, its list of tables is lost. */
  private static boolean damagedSchema(Connection from) throws SQLException {
    return Collections.disjoint(tables(from), List.of("api_keys", "settings"));
  }

  static List<String> columns(Connection connection, String table) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement("select name from pragma_table_info(?)")) {
      statement.setString(1, table);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }

  @Override
  public void close() throws SQLException, IOException {
    if (from != null) {
      from.close();
    }
    delete(work);
  }

  /** Whether {@code path} is where a salvage works, or worked before it was broken off. */
  static boolean isWork(Path path) {
    return path.getFileName().toString().startsWith(WORK) && Files.isDirectory(path);
  }

  /** Deletes where a salvage worked, with what is in it. */
  static void delete(Path work) throws IOException {
    try (var files = Files.list(work)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(work);
  }
}
