package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.auth.KeySecret;
import io.iir.cluster.Announcements;
import io.iir.testing.Gateway;
import io.iir.testing.PostgresServer;
import io.iir.testing.RedisServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Keys while PostgreSQL is stopped, killed and back, and on two gateways. */
class KeysWithoutDatabaseIT {

  private static final String CHAT =
      """
      {"model":"sim/echo","messages":[{"role":"user","content":"Hello"}]}\
      """;

  private static HttpResponse<String> chat(Gateway gateway, String secret) {
    return gateway.chat(CHAT, "Authorization", "Bearer " + secret);
  }

  private static int status(Gateway gateway, String secret) {
    return chat(gateway, secret).statusCode();
  }

  private static String stranger() {
    return KeySecret.generate(new SecureRandom());
  }

  private static String storeStatus(Gateway gateway) {
    return Gateway.json(gateway.get("/health").body()).at("/components/store/status").asText();
  }

  private static void withoutDatabase(Gateway gateway, String known, String revoked) {
    for (int i = 0; i < 20; i++) {
      assertThat(status(gateway, known)).isEqualTo(200);
    }
    assertThat(status(gateway, Gateway.ADMIN_KEY)).isEqualTo(200);
    HttpResponse<String> refusal = chat(gateway, stranger());
    assertThat(refusal.statusCode()).isEqualTo(503);
    assertThat(refusal.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(refusal.body()).contains("its database does not answer");
    assertThat(status(gateway, revoked)).isIn(401, 503);
    await().until(() -> storeStatus(gateway).equals("degraded"));
    // Long after a second, by when it would have been asked for again.
    assertThat(status(gateway, known)).isEqualTo(200);
    assertThat(status(gateway, revoked)).isIn(401, 503);
  }

  @Test
  void keysThatAreKnownGoOnAndNobodyElseGetsIn() throws IOException {
    try (PostgresServer postgres = PostgresServer.start();
        Gateway gateway = Gateway.start(postgres.setting())) {
      String known = gateway.newKey("{\"name\":\"known\"}").secret();
      Gateway.NewKey revoked = gateway.newKey("{\"name\":\"revoked\"}");
      assertThat(status(gateway, known)).isEqualTo(200);
      assertThat(status(gateway, revoked.secret())).isEqualTo(200);
      revoke(gateway, revoked);

      postgres.pause();
      withoutDatabase(gateway, known, revoked.secret());
      postgres.resume();
      await().until(() -> status(gateway, stranger()) == 401);
      await().until(() -> storeStatus(gateway).equals("ok"));
      assertThat(status(gateway, known)).isEqualTo(200);

      postgres.kill();
      withoutDatabase(gateway, known, revoked.secret());
      postgres.restart();
      await().until(() -> status(gateway, stranger()) == 401);
      await().until(() -> storeStatus(gateway).equals("ok"));
      assertThat(status(gateway, revoked.secret())).isEqualTo(401);
    }
  }

  @Test
  void theOperatorMayCloseTheDoor() throws IOException {
    try (PostgresServer postgres = PostgresServer.start();
        Gateway gateway = Gateway.start(postgres.setting(), "iir.state.on-failure.keys=closed")) {
      String known = gateway.newKey("{\"name\":\"known\"}").secret();
      assertThat(status(gateway, known)).isEqualTo(200);
      postgres.kill();
      await().until(() -> status(gateway, known) == 503);
      assertThat(chat(gateway, known).headers().firstValue("Retry-After")).hasValue("1");
      assertThat(status(gateway, Gateway.ADMIN_KEY)).isEqualTo(200);
      postgres.restart();
      await().until(() -> status(gateway, known) == 200);
    }
  }

  @Test
  void aKeyRevokedOnOneGatewayIsRefusedByTheOther() throws IOException {
    String database = PostgresServer.shared().setting();
    try (RedisServer redis = RedisServer.start();
        Gateway one = Gateway.start(database, redis.setting());
        Gateway two = Gateway.start(database, redis.setting())) {
      revokedOnBoth(one, two);
      List<String> heard = new CopyOnWriteArrayList<>();
      two.bean(Announcements.class).listen(Announcements.Topic.KEY_CHANGED, heard::add);
      one.newKey("{\"name\":\"heard of\"}");
      await().until(() -> heard.size() == 1);
      redis.pause(); // it is looked for now and then, as without Redis
      revokedOnBoth(one, two);
    }
  }

  private static void revokedOnBoth(Gateway one, Gateway two) {
    for (int i = 0; i < 5; i++) {
      Gateway.NewKey key = one.newKey("{\"name\":\"soon gone\"}");
      assertThat(List.of(status(one, key.secret()), status(two, key.secret()))).containsOnly(200);
      revoke(one, key);
      assertThat(status(one, key.secret())).isEqualTo(401);
      await().until(() -> status(two, key.secret()) == 401);
    }
  }

  private static void revoke(Gateway gateway, Gateway.NewKey key) {
    HttpResponse<String> answer =
        gateway.send(gateway.request("/api/v1/apikeys/" + key.id()).DELETE().build());
    assertThat(answer.statusCode()).isEqualTo(200);
  }
}
