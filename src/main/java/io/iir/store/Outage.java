package io.iir.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells a database that is away, and may come back, from one that refuses what it is asked. */
public final class Outage {

  /**
   * No connection, broken connection, too many, stopping, starting.
   *
   * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
   */
  private static final Set<String> STATES =
      Set.of("08000", "08001", "08003", "08006", "53300", "57P01", "57P02", "57P03");

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
    return e instanceof SQLTransientConnectionException // the pool has none
        || STATES.contains(String.valueOf(e.getSQLState()))
        || (e instanceof SQLiteException file
            && file.getResultCode() == SQLiteErrorCode.SQLITE_BUSY);
  }
}
