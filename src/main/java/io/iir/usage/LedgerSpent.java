package io.iir.usage;

import io.iir.throttle.Spent;
import io.iir.throttle.Subject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * What has been spent by the sums of days: of all gateways that share the database, with every row
 * that this one, or one that was killed in its data directory, has appended before it is asked.
 */
final class LedgerSpent implements Spent {

  private static final String SUM =
      "select cast(coalesce(sum(cost_nano_usd), 0) as bigint) from usage_daily where day >= ?";

  private final LedgerWriter writer;
  private final DataSource source;
  private final Executor blocking;

  /** Asks {@code source} on {@code blocking}. */
  LedgerSpent(LedgerWriter writer, DataSource source, Executor blocking) {
    this.writer = writer;
    this.source = source;
    this.blocking = blocking;
  }

  /**
   * {@inheritDoc}
   *
   * @param start the beginning of a day in UTC
   */
  @Override
  public CompletableFuture<Long> nanoUsd(Subject subject, Instant start) {
    return writer.flush().thenApplyAsync(written -> sum(subject, start), blocking);
  }

  @Override
  public CompletableFuture<Void> flush() {
    return writer.flush();
  }

  private long sum(Subject subject, Instant start) {
    String sql =
        switch (subject.scope()) {
          case KEY -> SUM + " and key_id = ?";
          case TEAM -> SUM + " and team = ?";
          case GATEWAY -> SUM;
          case MODEL -> throw new IllegalArgumentException("models have no budget");
        };
    try (Connection connection = source.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, LocalDate.ofInstant(start, ZoneOffset.UTC).toString());
      if (!sql.equals(SUM)) {
        select.setString(2, subject.id());
      }
      try (ResultSet sum = select.executeQuery()) {
        return sum.next() ? sum.getLong(1) : 0;
      }
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }
}
