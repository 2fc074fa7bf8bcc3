package io.iir.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class OutageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08000", "08001", "08003", "08004", "08006", "08P01", "25006", "53100", "53200", "53300",
        "57P01", "57P02", "57P03"
      })
  void aPostgresThatIsAwayMayComeBack(String state) {
    assertThat(Outage.shows(new IllegalStateException(new SQLException("no", state)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22001", "23505", "25P02", "42P01", "57014"})
  void aPostgresThatRefusesIsNotAway(String state) {
    assertThat(Outage.shows(new SQLException("no", state))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "SQLITE_BUSY",
        "SQLITE_BUSY_SNAPSHOT",
        "SQLITE_LOCKED",
        "SQLITE_LOCKED_SHAREDCACHE",
        "SQLITE_FULL",
        "SQLITE_IOERR",
        "SQLITE_IOERR_WRITE",
        "SQLITE_READONLY",
        "SQLITE_READONLY_DBMOVED",
        "SQLITE_CANTOPEN"
      })
  void aFileThatCannotBeUsedNowMayBeLater(SQLiteErrorCode code) {
    assertThat(Outage.shows(new SQLiteException("no", code))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SQLITE_ERROR", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CORRUPT", "SQLITE_MISMATCH"})
  void aFileThatRefusesIsNotAway(SQLiteErrorCode code) {
    assertThat(Outage.shows(new SQLiteException("no", code))).isFalse();
  }

  @Test
  void thePoolWithoutAConnectionIsAnOutageAndNothingIsNot() {
    assertThat(Outage.shows(new SQLTransientConnectionException("none"))).isTrue();
    assertThat(Outage.shows(new IOException("other"))).isFalse();
    assertThat(Outage.shows(null)).isFalse();
  }
}
