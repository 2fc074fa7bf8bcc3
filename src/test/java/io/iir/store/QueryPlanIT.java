package io.iir.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.TestStore;
import io.iir.testing.Vendor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked while requests wait, or of tables that grow, finds its rows by an index. */
class QueryPlanIT {

  private static final Path SQL = Path.of("src/main/resources/sql");

  /** Files of statements, and the tables that none of them may read through. */
  private static final List<List<String>> STATEMENTS =
      List.of(
          List.of("api-keys/select-by-hash.sql", "api_keys"),
          List.of("api-keys/select-by-id.sql", "api_keys"),
          List.of("api-keys/lock.sql", "api_keys"),
          List.of("api-keys/revoke.sql", "api_keys"),
          List.of("registry/select-models.sql", "registry_models"),
          List.of("registry/select-recommendations.sql", "registry_recommendations"),
          List.of("registry/mark-gone.sql", "registry_models"),
          List.of("usage/select-rows.sql", "usage_ledger"),
          List.of("usage/select-sums.sql", "usage_daily"));

  @ParameterizedTest
  @EnumSource
  void nothingIsReadThrough(Vendor vendor) throws Exception {
    try (TestStore store = TestStore.open(vendor);
        Connection connection = store.pool().getConnection();
        Statement statement = connection.createStatement()) {
      if (vendor == Vendor.POSTGRESQL) { // which reads through small tables, index or not
        statement.execute("set enable_seqscan = off");
      }
      for (List<String> each : STATEMENTS) {
        String sql = Files.readString(SQL.resolve(each.getFirst()));
        assertThat(plan(connection, vendor, sql))
            .as(each.getFirst())
            .isNotEmpty()
            .noneMatch(step -> readsThrough(step, each.getLast()));
      }
      assertThat(plan(connection, vendor, "select id from audit_log where actor = :#actor"))
          .as("what the test would find")
          .anyMatch(step -> readsThrough(step, "audit_log"));
    }
  }

  /** SQLite gathers and sorts a month of rows where the place in the order is an alternative. */
  @Test
  void aPageOfTheLedgerComesInItsOrder() throws Exception {
    try (TestStore store = TestStore.open(Vendor.SQLITE);
        Connection connection = store.pool().getConnection()) {
      String page = Files.readString(SQL.resolve("usage/select-rows.sql"));
      assertThat(plan(connection, Vendor.SQLITE, page)).noneMatch(QueryPlanIT::sorts);
      assertThat(
              plan(
                  connection,
                  Vendor.SQLITE,
                  page.replace(
                      "(u.id, u.journal) < (:#afterId, :#afterJournal)",
                      "(u.id < :#afterId or u.id = :#afterId and u.journal < :#afterJournal)")))
          .as("what the test would find")
          .anyMatch(QueryPlanIT::sorts);
    }
  }

  private static boolean sorts(String step) {
    return step.contains("TEMP B-TREE FOR ORDER BY");
  }

  private static boolean readsThrough(String step, String table) {
    return step.contains("Seq Scan on " + table)
        || (step.startsWith("SCAN") && step.matches("SCAN " + table.charAt(0) + "\\w*( .*)?"));
  }

  private static List<String> plan(Connection connection, Vendor vendor, String sql)
      throws Exception {
    String explain = vendor == Vendor.SQLITE ? "explain query plan " : "explain ";
    String marked = sql.replaceAll(":#(\\$\\{\\w+}|\\w+)", "?");
    List<String> steps = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(explain + marked)) {
      for (int i = 1; i <= statement.getParameterMetaData().getParameterCount(); i++) {
        statement.setObject(i, "1", vendor == Vendor.SQLITE ? Types.VARCHAR : Types.OTHER);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          steps.add(row.getString(vendor == Vendor.SQLITE ? 4 : 1).strip());
        }
      }
    }
    return steps;
  }
}
