package io.iir.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iir.config.Secret;
import io.iir.config.StartException;
import io.iir.config.TrustBundle;
import io.iir.testing.FakeRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that answer something else than Redis does. */
class NotARedisTest {

  private static LettuceRedis redis(String url) {
    return new LettuceRedis(
        new RedisConnections(RedisAddress.parse(Secret.of(url)), TrustBundle.load(null)),
        Duration.ofMillis(400),
        new RedisMeters(new SimpleMeterRegistry()));
  }

  private static CompletableFuture<byte[]> get(LettuceRedis redis) {
    return redis.call(commands -> commands.get("a".getBytes(UTF_8)));
  }

  private static void awaitLeft(LettuceRedis redis) {
    await()
        .until(() -> {
          get(redis);
          return !redis.isAvailable();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        ":1\r\n",
        "$-7\r\n",
        "%1\r\n+a\r\n",
        "-LOADING Redis is loading the dataset in memory\r\n",
        "-BUSY Redis is busy running a script\r\n"
      })
  void isLeftAloneUntilItIsOne(String nonsense) {
    try (FakeRedis server = new FakeRedis(command -> nonsense);
        LettuceRedis redis = redis(server.url())) {
      awaitLeft(redis);
      assertThat(redis.problem()).isNotEmpty();
      assertThatThrownBy(get(redis)::join).hasCauseInstanceOf(RedisUnavailableException.class);
      server.answer(command -> command.equals("PING") ? "+PONG\r\n" : "$1\r\nx\r\n");
      await().ignoreExceptions().until(() -> new String(get(redis).join(), UTF_8).equals("x"));
      assertThat(redis.problem()).isEmpty();
    }
  }

  @Test
  void nobodyThereIsSaid() {
    FakeRedis server = new FakeRedis(command -> "");
    server.close();
    try (LettuceRedis redis = redis(server.url())) {
      awaitLeft(redis);
      assertThat(redis.problem()).isEqualTo("it cannot be connected to");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://me:hush@host", "redis://me:hu sh@host", "redis://:hush@", "hush"})
  void aBadUrlIsRefusedWithoutShowingIt(String url) {
    assertThatThrownBy(() -> RedisAddress.parse(Secret.of(url)))
        .isInstanceOfSatisfying(
            StartException.class,
            e -> {
              assertThat(e).hasMessage("REDIS_URL (iir.redis-url) is not the URL of a Redis.");
              assertThat(e.remedy()).doesNotContain("hush");
              assertThat(e).hasNoCause();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://me:hush@host:1/2",
        "rediss://host",
        "redis-sentinel://:pw@a:1,b:2/0#master",
        "redis-socket:///run/redis.sock"
      })
  void theFormsOfLettuceAreTaken(String url) {
    assertThat(RedisAddress.parse(Secret.of(url))).isNotNull();
  }
}
