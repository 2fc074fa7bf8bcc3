package io.iir.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/**
 * Copies the rows of one table of a damaged database. What cannot be read ends a way through the
 * table, not the copy.
 */
final class TableCopy implements AutoCloseable {

  private final Connection from;
  private final String select;
  private final int columns;
  private final PreparedStatement insert;
  private long rows;
  private long lowest = Long.MIN_VALUE;
  private long highest = Long.MAX_VALUE;

  /** Copies {@code columns} of {@code table}. */
  TableCopy(Connection from, Connection into, String table, List<String> columns)
      throws SQLException {
    this.from = from;
    this.columns = columns.size();
    String names = "\"" + String.join("\", \"", columns) + "\"";
    select = "select rowid, %s from \"%s\" not indexed ".formatted(names, table);
    insert =
        into.prepareStatement(
            "insert or ignore into \"%s\" (%s) values (%s)"
                .formatted(
                    table, names, String.join(", ", Collections.nCopies(this.columns, "?"))));
  }

  /** How many rows were copied. */
  long rows() {
    return rows;
  }

  /** From the first row on; returns whether the end was reached. */
  boolean forward() throws SQLException {
    return read("order by rowid", Way.UP);
  }

  /** From the last row back. */
  void backward() throws SQLException {
    read("order by rowid desc", Way.DOWN);
  }

  /**
   * The rows between, each by its number.
   *
   * @param blindly how many are tried where the last row could not be read
   * @param most how many are tried in all
   */
  void between(long blindly, long most) throws SQLException {
    long first = lowest == Long.MIN_VALUE ? 1 : lowest + 1;
    long last = highest == Long.MAX_VALUE ? first + blindly : highest - 1;
    last = Math.min(last, first + most);
    for (long row = first; row <= last; row++) {
      // Prepared anew each time: after a failure the driver's statement is of no more use.
      try (PreparedStatement one = from.prepareStatement(select + "where rowid = " + row);
          ResultSet found = one.executeQuery()) {
        if (found.next()) {
          copy(found);
        }
      } catch (SQLException e) {
        if (!Damage.shows(e)) {
          throw e;
        }
      }
    }
  }

  private enum Way {
    UP,
    DOWN
  }

  private boolean read(String order, Way way) throws SQLException {
    try (PreparedStatement all = from.prepareStatement(select + order);
        ResultSet found = all.executeQuery()) {
      while (found.next()) {
        copy(found);
        long row = found.getLong(1);
        if (way == Way.UP) {
          lowest = row;
        } else {
          highest = row;
        }
      }
      return true;
    } catch (SQLException e) {
      if (Damage.shows(e)) {
        return false;
      }
      throw e;
    }
  }

  /** A row that is there already, or that breaks the table's own rules, is left out. */
  private void copy(ResultSet row) throws SQLException {
    Object[] values = new Object[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = row.getObject(i + 2);
    }
    for (int i = 0; i < columns; i++) {
      insert.setObject(i + 1, values[i]);
    }
    rows += insert.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    insert.close();
  }
}
