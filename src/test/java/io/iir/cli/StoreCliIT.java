package io.iir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.PostgresServer;
import java.nio.file.Path;
import java.util.Map;
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
