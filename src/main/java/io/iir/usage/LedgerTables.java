package io.iir.usage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code usage_ledger}, {@code usage_daily} and {@code category_daily}. What is written
 * is in all of them or in none, and a row that is there already counts no second time. Thread-safe;
 * blocks.
 */
final class LedgerTables {

  /** No {@code values}: PostgreSQL's driver would join the rows, and not say which were there. */
  private static final String INSERT =
      "insert into usage_ledger (id, journal, at, request_id, key_id, team, route, model,"
          + " prompt_tokens, cached_tokens, completion_tokens, cost_nano_usd, status, outcome,"
          + " cache, latency_ms, first_token_ms, category, complexity, classifier, weak, strong)"
          + " select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? where true"
          + " on conflict (id, journal) do nothing";

  private static final String ADD =
      "insert into usage_daily (day, key_id, team, model, requests, errors, prompt_tokens,"
          + " cached_tokens, completion_tokens, cost_nano_usd)"
          + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " on conflict (day, key_id, team, model) do update set"
          + " requests = usage_daily.requests + excluded.requests,"
          + " errors = usage_daily.errors + excluded.errors,"
          + " prompt_tokens = usage_daily.prompt_tokens + excluded.prompt_tokens,"
          + " cached_tokens = usage_daily.cached_tokens + excluded.cached_tokens,"
          + " completion_tokens = usage_daily.completion_tokens + excluded.completion_tokens,"
          + " cost_nano_usd = usage_daily.cost_nano_usd + excluded.cost_nano_usd";

  private static final String COUNT =
      "insert into category_daily (day, category, requests) values (?, ?, ?)"
          + " on conflict (day, category) do update set"
          + " requests = category_daily.requests + excluded.requests";

  private static final String PRUNE =
      "delete from usage_ledger where (id, journal) in"
          + " (select id, journal from usage_ledger where id < ? order by id, journal limit ?)";

  /** So many rows at once hold no event loop up that waits for the processor. */
  static final int FEW = 64;

  /** The longest pause, as others may wait for what a transaction has locked. */
  private static final long MOST_PAUSE_NANOS = 1_000_000;

  private final DataSource source;
  private final int atOnce;

  /**
   * The tables in {@code source}, which are given so many rows {@code atOnce}, and then a pause.
   */
  LedgerTables(DataSource source, int atOnce) {
    this.source = source;
    this.atOnce = atOnce;
  }

  private record Day(String day, String key, String team, String model) implements Comparable<Day> {

    static Day of(UsageRow row) {
      return new Day(
          LocalDate.ofInstant(row.at(), ZoneOffset.UTC).toString(),
          row.keyId(),
          orEmpty(row.team()),
          answered(row) ? orEmpty(row.model()) : "");
    }

    /** Any name may be asked for, and the sums are kept for good: only a model's that is there. */
    private static boolean answered(UsageRow row) {
      return row.status() / 100 == 2 || row.completionTokens() > 0 || row.costNanoUsd() > 0;
    }

    /** Two processes that write the same sums lock them in the same order. */
    @Override
    public int compareTo(Day other) {
      int by = day.compareTo(other.day);
      by = by != 0 ? by : key.compareTo(other.key);
      by = by != 0 ? by : team.compareTo(other.team);
      return by != 0 ? by : model.compareTo(other.model);
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Writes {@code rows} of {@code journal}; returns how many of them were not there before. */
  int write(long journal, List<UsageRow> rows) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        List<UsageRow> fresh = insert(connection, journal, rows);
        add(connection, fresh);
        count(connection, fresh);
        connection.commit();
        return fresh.size();
      } catch (SQLException | RuntimeException e) {
        rollback(connection, e);
        throw e;
      }
    }
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Inserts {@code rows}, some at a time: where this process does the work, an event loop that
   * waits for the processor has it between them.
   */
  private List<UsageRow> insert(Connection connection, long journal, List<UsageRow> rows)
      throws SQLException {
    List<UsageRow> fresh = new ArrayList<>(rows.size());
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (int from = 0; from < rows.size(); from += atOnce) {
        long began = System.nanoTime();
        int to = Math.min(rows.size(), from + atOnce);
        insert(insert, journal, rows.subList(from, to), fresh);
        if (to < rows.size()) {
          LockSupport.parkNanos(Math.min(System.nanoTime() - began, MOST_PAUSE_NANOS));
        }
      }
    }
    return fresh;
  }

  /** Adds to {@code fresh} those of {@code rows} that were not there. */
  private static void insert(
      PreparedStatement insert, long journal, List<UsageRow> rows, List<UsageRow> fresh)
      throws SQLException {
    for (UsageRow row : rows) {
      insert.setLong(1, row.id());
      insert.setLong(2, journal);
      insert.setLong(3, row.at().toEpochMilli());
      insert.setString(4, row.requestId());
      insert.setString(5, row.keyId());
      text(insert, 6, row.team());
      insert.setString(7, row.route());
      text(insert, 8, row.model());
      insert.setLong(9, row.promptTokens());
      insert.setLong(10, row.cachedTokens());
      insert.setLong(11, row.completionTokens());
      insert.setLong(12, row.costNanoUsd());
      insert.setInt(13, row.status());
      insert.setString(14, row.outcome());
      text(insert, 15, row.cache());
      insert.setLong(16, row.latencyMillis());
      insert.setLong(17, row.firstTokenMillis());
      classified(insert, row.classified());
      insert.addBatch();
    }
    int[] counts = insert.executeBatch();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == Statement.SUCCESS_NO_INFO) {
        throw new SQLException("the driver does not say which rows were inserted");
      }
      if (counts[i] > 0) {
        fresh.add(rows.get(i));
      }
    }
  }

  private static void classified(PreparedStatement insert, @Nullable Classified classified)
      throws SQLException {
    text(insert, 18, classified == null ? null : classified.category());
    if (classified == null) {
      insert.setNull(19, Types.DOUBLE);
    } else {
      insert.setDouble(19, classified.complexity());
    }
    text(insert, 20, classified == null ? null : classified.classifier());
    text(insert, 21, classified == null ? null : classified.weak());
    text(insert, 22, classified == null ? null : classified.strong());
  }

  private static void text(PreparedStatement statement, int index, @Nullable String text)
      throws SQLException {
    if (text == null) {
      statement.setNull(index, Types.VARCHAR);
    } else {
      statement.setString(index, text);
    }
  }

  private static void add(Connection connection, List<UsageRow> rows) throws SQLException {
    Map<Day, UsageSum> sums = new TreeMap<>();
    rows.forEach(row -> sums.merge(Day.of(row), UsageSum.of(row), UsageSum::plus));
    try (PreparedStatement add = connection.prepareStatement(ADD)) {
      for (Map.Entry<Day, UsageSum> each : sums.entrySet()) {
        Day day = each.getKey();
        UsageSum sum = each.getValue();
        add.setString(1, day.day());
        add.setString(2, day.key());
        add.setString(3, day.team());
        add.setString(4, day.model());
        add.setLong(5, sum.requests());
        add.setLong(6, sum.errors());
        add.setLong(7, sum.promptTokens());
        add.setLong(8, sum.cachedTokens());
        add.setLong(9, sum.completionTokens());
        add.setLong(10, sum.costNanoUsd());
        add.addBatch();
      }
      add.executeBatch();
    }
  }

  private record CategoryDay(String day, String category) implements Comparable<CategoryDay> {

    /** As {@link Day} does. */
    @Override
    public int compareTo(CategoryDay other) {
      int by = day.compareTo(other.day);
      return by != 0 ? by : category.compareTo(other.category);
    }
  }

  private static void count(Connection connection, List<UsageRow> rows) throws SQLException {
    Map<CategoryDay, Long> counts = new TreeMap<>();
    for (UsageRow row : rows) {
      Classified classified = row.classified();
      if (classified != null) {
        String day = LocalDate.ofInstant(row.at(), ZoneOffset.UTC).toString();
        counts.merge(new CategoryDay(day, classified.category()), 1L, Long::sum);
      }
    }
    if (counts.isEmpty()) {
      return;
    }
    try (PreparedStatement count = connection.prepareStatement(COUNT)) {
      for (Map.Entry<CategoryDay, Long> each : counts.entrySet()) {
        count.setString(1, each.getKey().day());
        count.setString(2, each.getKey().category());
        count.setLong(3, each.getValue());
        count.addBatch();
      }
      count.executeBatch();
    }
  }

  /**
   * Deletes up to {@code most} of the oldest rows whose id is below {@code id}; how many it did.
   */
  int prune(long id, int most) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement prune = connection.prepareStatement(PRUNE)) {
      prune.setLong(1, id);
      prune.setInt(2, most);
      return prune.executeUpdate();
    }
  }
}
