package io.iir.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells a database that is away, and may come back, from one that refuses what it is asked. */
public final class Outage {

  /**
   * What the states begin with: no connection or a broken one; no memory, disk or connection left;
   * stopping or starting; a standby, which only reads.
   *
   * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
   */
  private static final List<String> STATES = List.of("08", "53", "57P", "25006");

  /** The same of a file, without what they say in detail: held by others, full, failing. */
  private static final Set<SQLiteErrorCode> CODES =
      Set.of(
          SQLiteErrorCode.SQLITE_BUSY,
          SQLiteErrorCode.SQLITE_LOCKED,
          SQLiteErrorCode.SQLITE_FULL,
          SQLiteErrorCode.SQLITE_IOERR,
          SQLiteErrorCode.SQLITE_READONLY,
          SQLiteErrorCode.SQLITE_CANTOPEN);

  private Outage() {}

  /** Whether {@code failure} is for a database that is away. */
  public static boolean shows(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException e && isOne(e)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOne(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return e instanceof SQLTransientConnectionException // the pool has none
        || STATES.stream().anyMatch(state::startsWith)
        || (e instanceof SQLiteException file && CODES.contains(primary(file.getResultCode())));
  }

  /** The low byte: what is above it says more of the same. */
  private static SQLiteErrorCode primary(SQLiteErrorCode code) {
    return SQLiteErrorCode.getErrorCode(code.code & 0xff);
  }
}
