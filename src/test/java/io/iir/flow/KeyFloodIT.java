package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.iir.auth.KeyLookups;
import io.iir.auth.KeySecret;
import io.iir.flow.engine.GatewayServer;
import io.iir.store.StoreHealth;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that somebody makes up cost little, and cost nobody else anything. */
class KeyFloodIT {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Who asks the store besides requests, each once at a time. */
  private static final int OTHERS = 5;

  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway = Gateway.start();
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
  }

  /** The store may have been taken for away by the test before. */
  @BeforeEach
  void awaitTheStore() {
    await()
        .until(() ->
            gateway.bean(StoreHealth.class).answers()
                && !gateway.bean(KeyLookups.class).isStoreAway());
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

  /**
   * So many questions wait for a connection. Those who watch over the store, write the ledger and
   * tidy up may, too.
   */
  private static void awaitWaiting(HikariDataSource store, int questions) {
    HikariPoolMXBean pool = store.getHikariPoolMXBean();
    await().until(() -> pool.getThreadsAwaitingConnection() >= questions);
    assertThat(pool.getThreadsAwaitingConnection()).isLessThanOrEqualTo(questions + OTHERS);
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
      await().until(() -> all.stream().filter(CompletableFuture::isDone).count() >= 44);
      awaitWaiting(store, 2);
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
    assertThat(refused)
        .hasSizeGreaterThanOrEqualTo(44) // and whoever has waited for two seconds
        .allMatch(answer -> answer.headers().firstValue("Retry-After").orElse("").equals("1"))
        .anyMatch(answer -> answer.body().contains("as many unknown API keys as it can"));
  }

  @Test
  void aKeyThatIsNoneIsRefusedHoweverManyUseIt() throws Exception {
    String none = KeySecret.generate(RANDOM);
    HikariDataSource store = gateway.bean(HikariDataSource.class);
    List<Connection> held = allConnections(store);
    List<CompletableFuture<HttpResponse<String>>> all;
    try {
      all = IntStream.range(0, 50).mapToObj(i -> ask(none)).toList();
      awaitWaiting(store, 1);
    } finally {
      release(held);
    }
    assertThat(all).extracting(answer -> answer.join().statusCode()).isSubsetOf(401, 503);
  }

  @Test
  void aKeyIsLookedUpOnceHoweverManyUseIt() throws Exception {
    NewKey key = gateway.newKey("{\"name\":\"new\"}");
    HikariDataSource store = gateway.bean(HikariDataSource.class);
    List<Connection> held = allConnections(store);
    List<CompletableFuture<HttpResponse<String>>> all;
    try {
      all = IntStream.range(0, 300).mapToObj(i -> ask(key.secret())).toList();
      await()
          .until(() -> inFlight() + all.stream().filter(CompletableFuture::isDone).count() >= 300);
      awaitWaiting(store, 1);
    } finally {
      release(held);
    }
    assertThat(all) // 503: it has waited for two seconds
        .extracting(answer -> answer.join().statusCode())
        .isSubsetOf(200, 503);
    awaitTheStore();
    assertThat(ask(key.secret()).join().statusCode()).isEqualTo(200);
  }
}
