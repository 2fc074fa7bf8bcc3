package io.iir.store;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/**
 * Has the pool part with a connection to SQLite that had to wait for too long: the driver takes a
 * transaction that could not begin for begun, and every further one on that connection would fail
 * at its end. Stateless.
 */
final class Unbegun implements SQLExceptionOverride {

  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    return failure.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code
        ? Override.MUST_EVICT
        : Override.CONTINUE_EVICT;
  }
}
