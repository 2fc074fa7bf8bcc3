package io.iir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.iir.auth.AdminAccess;
import io.iir.auth.KeyHash;
import io.iir.config.Secret;
import io.iir.config.StartException;
import io.iir.testing.PostgresServer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How a PostgreSQL is opened, and what is said of one that cannot be used. */
class PostgresDatabaseIT {

  private final String url = PostgresServer.shared().newDatabase();

  private static PostgresDatabase open(String url) {
    return PostgresDatabase.open(PostgresUrl.parse(Secret.of(url)), Duration.ZERO);
  }

  private static JdbcClient sql(Database database) {
    return JdbcClient.create(database.source());
  }

  @Test
  void gatewaysThatStartAtOnceOnAnEmptyOneHaveOneAdminKey() throws Exception {
    List<Callable<AdminAccess>> gateways = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      gateways.add(() -> AdminAccess.open("", sql(open(url)), new SecureRandom()));
    }
    List<String> shown = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<AdminAccess> gateway : threads.invokeAll(gateways)) {
        String secret = gateway.get().firstStart().takeAdminKey();
        if (secret != null) {
          shown.add(KeyHash.of(secret).hex());
        }
      }
    }
    assertThat(shown).hasSize(1);
    assertThat(sql(open(url)).sql("select value from settings").query(String.class).list())
        .isEqualTo(shown);
  }

  @Test
  void itsConnectionsAreNamedAndDoNotWaitForEver() {
    PostgresDatabase database = open(url + "?connect_timeout=3");
    assertThat(sql(database).sql("show application_name").query(String.class).single())
        .isEqualTo("iir");
    assertThat(database.source().getSocketTimeout()).isEqualTo(15);
    assertThat(database.source().getConnectTimeout()).isEqualTo(3);
    assertThat(database.source().getTcpKeepAlive()).isTrue();
    assertThat(database.place()).startsWith("127.0.0.1:").doesNotContain("secret");
    assertThat(database.toString()).doesNotContain("secret");
  }

  @Test
  void oneOfANewerVersionIsRefused() {
    sql(open(url))
        .sql(
            """
            insert into flyway_schema_history
              (installed_rank, version, description, type, script, installed_by, execution_time, success)
            values (99, '99', 'later', 'SQL', 'V99__later.sql', 'x', 1, true)
            """)
        .update();
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> open(url))
        .withMessageContaining("was written by a newer version of the gateway")
        .withMessageContaining("version 99");
  }

  @Test
  void aUserWithoutTheRightToMakeTablesIsTold() {
    sql(open(PostgresServer.shared().newDatabase()))
        .sql("do $$ begin create role reader login; exception when duplicate_object then end $$")
        .update();
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> open(url.replace("postgres:secret@", "reader:hidden@")))
        .withMessageContaining("cannot be brought up to date")
        .withMessageContaining("permission denied for schema public")
        .satisfies(e -> assertThat(e.remedy()).contains("GRANT CREATE"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgres://iir:hidden@127.0.0.1:1/gateway | refused
          postgres://iir:hidden@no-such-host.invalid/gateway | UnknownHostException
          """)
  void oneThatIsAwayIsNamedWithoutThePassword(String away, String reason) {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> open(away))
        .withMessageContaining("PostgreSQL at")
        .withMessageContaining("cannot be used")
        .withMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage() + e.remedy()).doesNotContain("hidden"));
  }

  @Test
  void whatWaitingDoesNotMendIsNotWaitedFor() {
    PostgresUrl none = PostgresUrl.parse(Secret.of(PostgresServer.shared().url("none")));
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> PostgresDatabase.open(none, Duration.ofDays(1)))
        .withMessageContaining("database \"none\" does not exist");
  }
}
