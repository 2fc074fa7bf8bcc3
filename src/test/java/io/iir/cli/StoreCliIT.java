package io.iir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.store.DataDirectory;
import io.iir.store.Database;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moving from SQLite to PostgreSQL. */
class StoreCliIT {

  private static final String CHAT =
      "{\"model\":\"sim/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path data;

  private static CliRun copy(String url, String directory) {
    return CliRun.of(Map.of("DATABASE_URL", url), "", "store", "copy", directory);
  }

  @Test
  void keysGoOnInPostgresql() throws Exception {
    NewKey key;
    NewKey revoked;
    try (Gateway gateway = Gateway.startIn(data)) {
      key = gateway.newKey("{\"name\":\"app\",\"tags\":{\"ä\":\"漢\"},\"limits\":{\"rpm\":7}}");
      revoked = gateway.newKey("{\"name\":\"gone\"}");
      gateway.send(gateway.request("/api/v1/apikeys/" + revoked.id()).DELETE().build());
    }
    String url = PostgresServer.shared().newDatabase();

    CliRun copied = copy(url, data.toString());
    assertThat(copied.status()).as(copied.err()).isZero();
    assertThat(copied.out()).contains("api_keys: 2\n", "audit_log: 3\n");
    CliRun again = copy(url, data.toString());
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err()).contains("is not empty: there are rows in ").doesNotContain("secret");

    try (Gateway gateway = Gateway.start("iir.database-url=" + url)) {
      assertThat(gateway.chat(CHAT, "Authorization", "Bearer " + key.secret()).statusCode())
          .isEqualTo(200);
      assertThat(gateway.chat(CHAT, "Authorization", "Bearer " + revoked.secret()).statusCode())
          .isEqualTo(401);
      assertThat(Gateway.json(gateway.get("/api/v1/apikeys/" + key.id()).body()).at("/tags/ä"))
          .hasToString("\"漢\"");
    }
  }

  @Test
  void aGatewayThatRunsIsNotCopied() throws Exception {
    String url = PostgresServer.shared().newDatabase();
    try (Gateway gateway = Gateway.startIn(data)) {
      gateway.newKey("{\"name\":\"app\"}");
      CliRun refused = copy(url, data.toString());
      assertThat(refused.status()).isEqualTo(2);
      assertThat(refused.err()).contains("is in use. Stop the gateway");
    }
    assertThat(copy(url, data.toString()).status()).isZero();
  }

  @Test
  void rowsOfAllTablesGoOver() throws Exception {
    Database.open(new DataDirectory(data), null);
    Set<String> tables = new TreeSet<>();
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("iir.db"));
        Statement statement = file.createStatement()) {
      Map<String, String> inserts = new TreeMap<>();
      try (ResultSet row =
          statement.executeQuery(
              """
              select t.name, group_concat(case
                when c.type like '%int%' then '1' when lower(c.type) in ('real', 'double precision') then '0.5' when lower(c.type) in ('blob', 'bytea') then 'x''00''' else '''x''' end)
              from sqlite_schema t, pragma_table_info(t.name) c
              where t.type = 'table' and t.name not like 'sqlite_%' and t.name not like 'flyway_%'
              group by t.name
              """)) {
        while (row.next()) {
          inserts.put(row.getString(1), row.getString(2));
        }
      }
      for (Map.Entry<String, String> each : inserts.entrySet()) {
        statement.execute(
            "insert or ignore into %s values (%s)".formatted(each.getKey(), each.getValue()));
        tables.add(each.getKey());
      }
    }
    CliRun copied = copy(PostgresServer.shared().newDatabase(), data.toString());
    assertThat(copied.status()).as(copied.err()).isZero();
    assertThat(tables.remove("key_changes")).as("it counts what is copied").isTrue();
    assertThat(copied.out()).doesNotContain("key_changes");
    assertThat(tables)
        .hasSizeGreaterThan(8)
        .allSatisfy(table -> assertThat(copied.out()).containsPattern("(?m)^" + table + ": [1-9]"));
  }

  @Test
  void whatIsMissingIsSaid() {
    assertThat(CliRun.of(Map.of(), "", "store", "copy", data.toString()).err())
        .contains("The variable DATABASE_URL is not set");
    assertThat(copy(PostgresServer.shared().url("none"), data.toString()).err())
        .contains("There is no " + data.resolve("iir.db"));
    assertThat(copy("mysql://u:hidden@h/d", data.toString()).err())
        .contains("does not begin with postgres://")
        .doesNotContain("hidden");
    assertThat(CliRun.of(Map.of(), "", "store").err()).contains("A command is missing: copy.");
  }
}
