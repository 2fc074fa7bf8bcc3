package io.iir.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.store.DataDirectory;
import io.iir.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ClassPathResource;

/** How a month's report is made of many rows: {@code bench/usage} measures it with a million. */
class UsageSumsIT {

  private static final int ROWS = 60_000;
  private static final long FIRST_OF_JULY = Instant.parse("2026-07-01T00:00:00Z").toEpochMilli();

  @TempDir Path temp;

  @Test
  void aMonthIsReadFromTheSumsOfDaysWhichEqualTheRows() throws Exception {
    Database database = Database.open(new DataDirectory(temp), null);
    LedgerTables tables = new LedgerTables(database.source(), LedgerTables.FEW);
    for (int from = 0; from < ROWS; from += 2_000) {
      tables.write(1, LongStream.range(from, from + 2_000).mapToObj(UsageSumsIT::row).toList());
    }
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement()) {
      String month =
          sql(
              Map.of(
                  "byDay",
                  "1",
                  "byKey",
                  "1",
                  "byTeam",
                  "1",
                  "byModel",
                  "1",
                  "from",
                  "'2026-07-01'",
                  "to",
                  "'2026-07-31'",
                  "key",
                  "''",
                  "team",
                  "''",
                  "model",
                  "''",
                  "provider",
                  "''"));
      List<String> plan = lines(statement, "explain query plan " + month, 4);
      assertThat(plan).anyMatch(step -> step.startsWith("SEARCH usage_daily USING INDEX"));
      assertThat(plan).noneMatch(step -> step.contains("usage_ledger"));

      assertThat(
              lines(
                  statement,
                  "select sum(requests) || ' ' || sum(prompt_tokens) || ' ' || sum(cached_tokens)"
                      + " || ' ' || sum(completion_tokens) || ' ' || sum(cost_nano_usd) from ("
                      + month
                      + ")",
                  1))
          .isEqualTo(
              lines(
                  statement,
                  "select count(*) || ' ' || sum(prompt_tokens) || ' ' || sum(cached_tokens)"
                      + " || ' ' || sum(completion_tokens) || ' ' || sum(cost_nano_usd)"
                      + " from usage_ledger where at >= "
                      + FIRST_OF_JULY,
                  1));
    }
  }

  /** One in ten of the day before July. */
  private static UsageRow row(long number) {
    long day = number % 10 == 0 ? -1 : number % 31;
    return UsageRows.row(
        number + 1,
        "key-" + number % 100,
        Instant.ofEpochMilli(FIRST_OF_JULY + day * 86_400_000L + number % 86_400_000L));
  }

  private static String sql(Map<String, String> values) throws Exception {
    String sql =
        new ClassPathResource("sql/usage/select-sums.sql")
            .getContentAsString(StandardCharsets.UTF_8)
            .replace(":#most", "100001");
    List<String> names = new ArrayList<>(values.keySet());
    names.sort((a, b) -> b.length() - a.length());
    for (String name : names) {
      sql = sql.replace(":#" + name, values.getOrDefault(name, ""));
    }
    return sql;
  }

  private static List<String> lines(Statement statement, String sql, int column)
      throws SQLException {
    List<String> lines = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        lines.add(rows.getString(column));
      }
    }
    return lines;
  }
}
