package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.iir.auth.KeySecret;
import io.iir.flow.engine.GatewayServer;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys that somebody makes up cost little, and cost nobody else anything. */
class KeyFloodIT {

  private static final SecureRandom RANDOM = new SecureRandom();

  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway = Gateway.start();
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
  }

  private static CompletableFuture<HttpResponse<String>> ask(String secret) {
    return gateway
        .client()
        .sendAsync(
            gateway.request("/v1/models", "Authorization", "Bearer " + secret).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static List<CompletableFuture<HttpResponse<String>>> flood(int requests) {
    return IntStream.range(0, requests).mapToObj(i -> ask(KeySecret.generate(RANDOM))).toList();
  }

  /** All of the store's connections: while they are held, it answers nobody. */
  private static List<Connection> allConnections(HikariDataSource store) throws Exception {
    List<Connection> held = new ArrayList<>();
    for (int i = 0; i < store.getMaximumPoolSize(); i++) {
      held.add(store.getConnection());
    }
    return held;
  }

  private static void release(List<Connection> held) throws Exception {
    for (Connection connection : held) {
      connection.close();
    }
  }

  private static long inFlight() {
    return gateway.bean(GatewayServer.class).inFlight();
  }

  @Test
  void aKnownKeyPassesWhileUnknownOnesCome() {
    NewKey key = gateway.newKey("{\"name\":\"known\",\"limits\":{\"rpm\":100000}}");
    assertThat(ask(key.secret()).join().statusCode()).isEqualTo(200);
    List<CompletableFuture<HttpResponse<String>>> unknown = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      unknown.addAll(flood(100));
      assertThat(ask(key.secret()).join().statusCode()).isEqualTo(200);
      unknown.forEach(CompletableFuture::join);
    }
    assertThat(unknown)
        .extracting(answer -> answer.join().statusCode())
        .containsOnly(401)
        .hasSize(2000);
  }

  @Test
  void unknownKeysAreRefusedWhereTooManyWait() throws Exception {
    HikariDataSource store = gateway.bean(HikariDataSource.class);
    List<Connection> held = allConnections(store);
    List<CompletableFuture<HttpResponse<String>>> all;
    try {
      all = flood(300);
      await().until(() -> all.stream().filter(CompletableFuture::isDone).count() == 44);
      await().until(() -> store.getHikariPoolMXBean().getThreadsAwaitingConnection() == 2);
      assertThat(gateway.get("/v1/models").statusCode()).as("the administrator").isEqualTo(200);
    } finally {
      release(held);
    }
    List<HttpResponse<String>> refused = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> each : all) {
      if (each.join().statusCode() == 503) {
        refused.add(each.join());
      } else {
        assertThat(each.join().statusCode()).isEqualTo(401);
      }
    }
    assertThat(refused).hasSize(44);
    assertThat(refused.getFirst().headers().firstValue("Retry-After")).hasValue("1");
    assertThat(refused.getFirst().body()).contains("as many unknown API keys as it can");
  }

  @Test
  void aKeyIsLookedUpOnceHoweverManyUseIt() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"new\"}");
    HikariDataSource store = gateway.bean(HikariDataSource.class);
    List<Connection> held = allConnections(store);
    List<CompletableFuture<HttpResponse<String>>> all;
    try {
      all = IntStream.range(0, 300).mapToObj(i -> ask(key.secret())).toList();
      await().until(() -> inFlight() == 300);
      await().until(() -> store.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
    } finally {
      release(held);
    }
    assertThat(all).extracting(answer -> answer.join().statusCode()).containsOnly(200);
  }
}
