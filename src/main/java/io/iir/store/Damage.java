package io.iir.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Why a file is not, or not wholly, the database that it was.
 *
 * @param reason in SQLite's words or ours
 */
record Damage(String reason) {

  /** Up to this size a file is read through at each start: it takes no longer than the rest. */
  private static final long QUICKLY_READ = 64L << 20;

  private static final Set<SQLiteErrorCode> CODES =
      Set.of(
          SQLiteErrorCode.SQLITE_CORRUPT,
          SQLiteErrorCode.SQLITE_CORRUPT_VTAB,
          SQLiteErrorCode.SQLITE_CORRUPT_INDEX,
          SQLiteErrorCode.SQLITE_CORRUPT_SEQUENCE,
          SQLiteErrorCode.SQLITE_NOTADB,
          SQLiteErrorCode.SQLITE_IOERR_SHORT_READ);

  /**
   * What is wrong with {@code file}; null: nothing that was seen, or there is none. A large one is
   * read through only if the last shutdown was not clean: if what was written ahead was left
   * behind.
   *
   * @throws SQLException if it cannot be opened for another reason
   */
  static @Nullable Damage find(SQLiteDataSource source, Path file)
      throws SQLException, IOException {
    Path ahead = file.resolveSibling(file.getFileName() + "-wal");
    boolean unclean = Files.exists(ahead) && Files.size(ahead) > 0;
    if (Files.notExists(file)) {
      return unclean
          ? new Damage(
              "it is missing, but there is " + ahead.getFileName() + ", written ahead of it")
          : null;
    }
    long size = Files.size(file);
    if (size == 0) { // SQLite would take it for a new one, and delete what was written ahead
      return new Damage("it is empty");
    }
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeQuery("select count(*) from sqlite_schema").close();
      return size <= QUICKLY_READ || unclean ? check(statement) : null;
    } catch (SQLException e) {
      if (shows(e)) {
        return new Damage(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private static @Nullable Damage check(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("pragma quick_check(1)")) {
      String found = result.next() ? result.getString(1) : "no answer";
      return found.equals("ok") ? null : new Damage(found.strip().replaceAll("\\s+", " "));
    }
  }

  /** Whether {@code failure} is for damage, rather than for rights, locks or a full disk. */
  static boolean shows(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException e && CODES.contains(e.getResultCode())) {
        return true;
      }
    }
    return false;
  }
}
