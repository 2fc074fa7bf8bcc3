package io.iir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.Secret;
import io.iir.testing.Gateway;
import io.iir.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A PostgreSQL that is killed, hangs, and comes back. */
@ExtendWith(OutputCaptureExtension.class)
class PostgresOutageIT {

  private static JsonNode health(Gateway gateway) {
    return Gateway.json(gateway.get("/health").body());
  }

  private static String store(Gateway gateway) {
    return health(gateway).path("components").path("store").path("status").asText();
  }

  @Test
  void aGatewayGoesOnAndSaysThatItIsAway(CapturedOutput output) throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      String url = server.newDatabase();
      try (Gateway gateway = Gateway.start("iir.database-url=" + url)) {
        assertThat(health(gateway).path("components").path("store").path("database").asText())
            .isEqualTo("postgresql");
        assertThat(store(gateway)).isEqualTo("ok");

        server.pause();
        await().atMost(Duration.ofSeconds(30)).until(() -> store(gateway).equals("degraded"));
        assertThat(health(gateway).path("status").asText()).isEqualTo("degraded");
        assertThat(gateway.chat("{\"model\":\"sim/echo\",\"messages\":[]}").statusCode())
            .isLessThan(500);
        server.resume();
        await().atMost(Duration.ofSeconds(30)).until(() -> store(gateway).equals("ok"));

        server.kill();
        await().atMost(Duration.ofSeconds(30)).until(() -> store(gateway).equals("degraded"));
        HttpResponse<String> keys = gateway.get("/api/v1/apikeys");
        assertThat(keys.statusCode()).isEqualTo(503);
        assertThat(keys.body()).contains("store_unavailable");
        assertThat(keys.headers().firstValue("Retry-After")).hasValue("2");
        CompletableFuture<Database> other =
            CompletableFuture.supplyAsync(() ->
                PostgresDatabase.open(PostgresUrl.parse(Secret.of(url)), Duration.ofMinutes(5)));
        await().until(() -> output.getAll().contains("It is waited for, 300 s at most"));
        server.restart();
        assertThat(other.get().vendor()).isEqualTo("postgresql");
        await().atMost(Duration.ofSeconds(30)).until(() -> store(gateway).equals("ok"));
        assertThat(gateway.newKey("{\"name\":\"after\"}").secret()).isNotEmpty();
      }
    }
    assertThat(output.getAll())
        .contains("does not answer", "answers again")
        .doesNotContain("postgres:secret");
  }
}
