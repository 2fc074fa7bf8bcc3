package io.iir.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.testing.Gateway;
import io.iir.testing.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ReplicasIT {

  @Test
  void gatewaysOfOneRedisKnowOfEachOther() throws IOException {
    try (RedisServer redis = RedisServer.start();
        Gateway one = Gateway.start(redis.setting(), "iir.state.timeout=1s")) {
      assertThat(one.bean(Replicas.class).self()).matches("[0-9A-Za-z]{16}");
      assertThat(one.bean(Replicas.class).count()).isEqualTo(1);
      try (Gateway two = Gateway.start(redis.setting(), "iir.state.timeout=1s")) {
        assertThat(two.bean(Replicas.class).count()).isEqualTo(2);
        assertThat(two.bean(Replicas.class).self()).isNotEqualTo(one.bean(Replicas.class).self());
        await().until(() -> one.bean(Replicas.class).count() == 2);
        assertThat(health(one)).isEqualTo("{\"status\":\"ok\",\"replicas\":2}");
        // Redis is away: they go on as they were.
        redis.kill();
        await().until(() -> health(one).equals("{\"status\":\"degraded\",\"replicas\":2}"));
        assertThat(Gateway.json(one.get("/health").body()).path("status").asText())
            .isEqualTo("degraded");
        assertThat(one.bean(Replicas.class).count()).isEqualTo(2);
        redis.restart();
        await().until(() -> redis.ask("ZCARD", "iir:replicas").equals("2"));
      }
      // The other said that it left.
      assertThat(redis.ask("ZCARD", "iir:replicas")).isEqualTo("1");
      redis.ask("ZADD", "iir:replicas", "1", "killedLongAgo000");
      await().atMost(Duration.ofSeconds(20)).until(() -> one.bean(Replicas.class).count() == 1);
      assertThat(redis.ask("ZRANGE", "iir:replicas", "0", "-1"))
          .isEqualTo("[" + one.bean(Replicas.class).self() + "]");
    }
  }

  private static String health(Gateway gateway) {
    return Gateway.json(gateway.get("/health").body()).at("/components/redis").toString();
  }

  @Test
  void everybodyHearsWhatOneTells() throws IOException {
    try (RedisServer redis = RedisServer.start();
        Gateway one = Gateway.start(redis.setting());
        Gateway two = Gateway.start(redis.setting())) {
      List<String> first = hear(one);
      List<String> second = hear(two);
      await().until(() -> redis.ask("PUBSUB", "NUMSUB", "iir:announcements").endsWith(", 2]"));
      Announcements teller = one.bean(Announcements.class);
      teller.tell(Announcements.Topic.CACHE_CLEARED, "all of it");
      assertThat(first).containsExactly("all of it");
      await().until(() -> second.equals(List.of("all of it")));
      redis.ask("PUBLISH", "iir:announcements", "other CACHE_CLEARED by another");
      redis.ask("PUBLISH", "iir:announcements", "other NOT_KNOWN_HERE x");
      redis.ask("PUBLISH", "iir:announcements", "nonsense");
      await().until(() -> first.equals(List.of("all of it", "by another")));
      redis.kill();
      teller.tell(Announcements.Topic.CACHE_CLEARED, "more");
      assertThat(first).endsWith("more");
    }
  }

  private static List<String> hear(Gateway gateway) {
    List<String> heard = new CopyOnWriteArrayList<>();
    gateway.bean(Announcements.class).listen(Announcements.Topic.CACHE_CLEARED, heard::add);
    return heard;
  }

  @Test
  void aGatewayWithoutRedisIsAlone() throws IOException {
    try (Gateway gateway = Gateway.start()) {
      assertThat(gateway.bean(Replicas.class).count()).isEqualTo(1);
      assertThat(health(gateway)).isEmpty();
      List<String> heard = hear(gateway);
      gateway.bean(Announcements.class).tell(Announcements.Topic.CACHE_CLEARED, "a");
      gateway.bean(Announcements.class).tell(Announcements.Topic.KEY_CHANGED, "b");
      assertThat(heard).containsExactly("a");
    }
  }

  @Test
  void aGatewayStartsWithoutItsRedis() throws IOException {
    try (RedisServer redis = RedisServer.start()) {
      redis.kill();
      try (Gateway gateway = Gateway.start(redis.setting(), "iir.state.timeout=1s")) {
        assertThat(gateway.bean(Replicas.class).count()).isEqualTo(1);
        redis.restart();
        await().until(() -> redis.ask("ZCARD", "iir:replicas").equals("1"));
      }
    }
  }
}
