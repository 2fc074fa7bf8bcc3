package io.iir.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.redis.Redis;
import io.iir.redis.TestRedis;
import io.iir.testing.RedisServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers and leases in a real Redis. */
class SharedAnswersIT {

  private static final byte[] NOBODY = {};

  private final RedisServer server = RedisServer.start();
  private final Redis redis = TestRedis.of(server, Duration.ofSeconds(30));
  private final SharedAnswers answers = new SharedAnswers(redis, Runnable::run, "me", 100_000);

  /** On a machine that is short of processors the first connection may not be there in time. */
  @BeforeEach
  void connect() {
    await()
        .until(() -> redis.call(commands -> commands.ping()).handle((pong, e) -> e == null).join());
  }

  @AfterEach
  void stop() throws Exception {
    TestRedis.close(redis);
    server.close();
  }

  private static CachedAnswer answer(int bytes, Duration ttl) {
    return new CachedAnswer(new byte[bytes], "fake", "m", "key", "team", Instant.now(), ttl);
  }

  private boolean store(String key, int bytes, Duration ttl) {
    return answers.store(key, answer(bytes, ttl), 0, NOBODY).join().kept();
  }

  private boolean isThere(String key) {
    return answers.find(key).join().found() == SharedAnswers.Found.HIT;
  }

  private long total() {
    return Long.parseLong(server.ask("GET", "iir:cache-total"));
  }

  @Test
  void takesNoMoreThanItMay() {
    for (int i = 0; i < 50; i++) {
      assertThat(store("a" + i, 9_000, Duration.ofMinutes(10 + i))).isTrue();
      assertThat(total()).isBetween(9_000L, 100_000L);
    }
    assertThat(isThere("a0")).isFalse();
    assertThat(isThere("a49")).isTrue();
    assertThat(server.ask("ZCARD", "iir:cache-expiries")).isEqualTo("10");
    assertThat(server.ask("HLEN", "iir:cache-sizes")).isEqualTo("10");

    assertThat(store("long", 100_000, Duration.ofHours(1))).isFalse();
    assertThat(isThere("long")).isFalse();
  }

  @Test
  void whatIsReplacedExpiredOrDroppedTakesNothing() {
    store("a", 9_000, Duration.ofMinutes(10));
    long one = total();
    store("a", 9_000, Duration.ofMinutes(10));
    assertThat(total()).isEqualTo(one);

    store("brief", 9_000, Duration.ofMillis(1));
    await().until(() -> !isThere("brief"));
    server.ask("DEL", "iir:cache-total"); // as where Redis had no room for it
    store("b", 9_000, Duration.ofMinutes(10));
    assertThat(total()).isEqualTo(2 * one);

    assertThat(new SharedStock(answers).clear(CacheFilter.ALL)).isEqualTo(2);
    assertThat(total()).isZero();
    assertThat(server.ask("EXISTS", "iir:cache-expiries", "iir:cache-sizes")).isEqualTo("0");
  }

  @Test
  void aLeaseIsItsOwnersAlone() {
    byte[] first = answers.owner(1);
    byte[] second = answers.owner(2);
    Runnable late = () -> {};
    assertThat(answers.findOrLease("a", first, true, late).join().found())
        .isEqualTo(SharedAnswers.Found.LEASED);
    assertThat(answers.findOrLease("a", second, true, late).join().found())
        .isEqualTo(SharedAnswers.Found.ELSEWHERE);
    assertThat(answers.renew("a", second).join()).isFalse();
    answers.end("a", second).join();
    assertThat(answers.renew("a", first).join()).isTrue();
    answers.end("a", first).join();
    assertThat(answers.findOrLease("a", second, true, late).join().found())
        .isEqualTo(SharedAnswers.Found.LEASED);
  }
}
