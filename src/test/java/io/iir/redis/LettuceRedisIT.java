package io.iir.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iir.config.Secret;
import io.iir.config.TrustBundle;
import io.iir.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LettuceRedisIT {

  private static final RedisScript COUNT =
      new RedisScript("count", "return {redis.call('incrby', KEYS[1], ARGV[1]), 'done'}");

  /** More than a busy machine takes. */
  private static final Duration TIMEOUT = Duration.ofMillis(400);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private RedisServer server;
  private LettuceRedis redis;

  @BeforeEach
  void start() {
    server = RedisServer.start();
    redis = redis(server.url());
    await().ignoreExceptions().until(() -> get("none") == null); // to connect may take long
  }

  @AfterEach
  void stop() {
    redis.close();
    server.close();
  }

  private LettuceRedis redis(String url) {
    return new LettuceRedis(
        new RedisConnections(RedisAddress.parse(Secret.of(url)), TrustBundle.load(null)),
        TIMEOUT,
        new RedisMeters(registry));
  }

  private @Nullable String get(String key) {
    byte[] value = redis.call(commands -> commands.get(key.getBytes(UTF_8))).join();
    return value == null ? null : new String(value, UTF_8);
  }

  private CompletableFuture<String> set(String key, String value) {
    return redis.call(commands -> commands.set(key.getBytes(UTF_8), value.getBytes(UTF_8)));
  }

  private CompletableFuture<List<Object>> count(int by) {
    byte[][] keys = {"n".getBytes(UTF_8)};
    byte[][] arguments = {Integer.toString(by).getBytes(UTF_8)};
    return redis.run(COUNT, keys, arguments, late -> {});
  }

  private boolean answers() {
    try {
      return redis.isAvailable() && "1".equals(get("a"));
    } catch (CompletionException e) {
      return false;
    }
  }

  private void awaitAway() {
    await()
        .until(() -> {
          set("a", "1").exceptionally(e -> "").join();
          return !redis.isAvailable();
        });
  }

  @Test
  void callsAndRunsScriptsThatItDoesNotKnow() {
    assertThat(set("a", "1").join()).isEqualTo("OK");
    assertThat(get("a")).isEqualTo("1");
    assertThat(count(3).join()).containsExactly(3L, "done".getBytes(UTF_8));
    assertThat(count(4).join()).containsExactly(7L, "done".getBytes(UTF_8));
    server.ask("SCRIPT", "FLUSH");
    assertThat(count(1).join()).first().isEqualTo(8L);
    assertThat(redis.isAvailable()).isTrue();
    assertThat(redis.problem()).isEmpty();
  }

  @Test
  void whatIsPausedIsLeftAloneUntilItGoesOn() {
    set("a", "1").join();
    BlockingQueue<String> late = new LinkedBlockingQueue<>();
    server.pause();
    CompletableFuture<String> call =
        redis.call(commands -> commands.set("b".getBytes(UTF_8), "2".getBytes(UTF_8)), late::add);
    assertThatThrownBy(call::join)
        .hasCauseInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining("no answer within 400 ms");
    awaitAway();
    assertThat(redis.problem()).isEqualTo("no answer within 400 ms");
    assertThat(set("a", "2")).isCompletedExceptionally();
    AtomicInteger returns = new AtomicInteger();
    redis.onReturn(returns::incrementAndGet);
    server.resume();
    await().until(this::answers);
    assertThat(late).containsExactly("OK");
    assertThat(returns).hasValue(1);
    assertThat(redis.problem()).isEmpty();
  }

  @Test
  void anAnswerAfterTheTimeIsTold() {
    BlockingQueue<List<Object>> late = new LinkedBlockingQueue<>();
    server.pause();
    byte[][] keys = {"n".getBytes(UTF_8)};
    byte[][] arguments = {"2".getBytes(UTF_8)};
    assertThatThrownBy(redis.run(COUNT, keys, arguments, late::add)::join)
        .hasCauseInstanceOf(RedisUnavailableException.class);
    server.resume();
    // It knew the hash of no script: the call had failed by then, and nothing was done.
    await().until(() -> count(0).join().getFirst().equals(0L));
    server.pause();
    assertThatThrownBy(redis.run(COUNT, keys, arguments, late::add)::join)
        .hasCauseInstanceOf(RedisUnavailableException.class);
    server.resume();
    await().until(() -> !late.isEmpty());
    assertThat(late.element()).first().isEqualTo(2L);
  }

  @Test
  void whatIsPublishedIsHeardAlsoAfterARestart() {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    redis.subscribe("news", message -> heard.add(new String(message, UTF_8)));
    await().until(() -> server.ask("PUBLISH", "news", "one").equals("1"));
    await().until(() -> heard.contains("one"));
    server.kill();
    server.restart();
    await().until(() -> server.ask("PUBLISH", "news", "two").equals("1"));
    await().until(() -> heard.contains("two"));
  }

  @Test
  void whatIsKilledIsConnectedToAgain() {
    set("a", "1").join();
    server.save();
    server.kill();
    await().until(() -> !redis.isAvailable());
    assertThat(redis.problem()).isIn("the connection was lost", "it cannot be connected to");
    // What is done at its return comes before what others do, scripts lost or not.
    redis.onReturn(() -> count(5));
    server.restart();
    await().until(this::answers);
    assertThat(count(1).join()).first().isEqualTo(6L);
  }

  @Test
  void whatIsFullIsStillRead() {
    set("a", "1").join();
    AtomicInteger returns = new AtomicInteger();
    redis.onReturn(returns::incrementAndGet);
    server.fill();
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(set("b", "2")::join).hasMessageContaining("its memory is full");
      assertThatThrownBy(count(1)::join).hasMessageContaining("its memory is full");
    }
    assertThat(get("a")).isEqualTo("1");
    assertThat(redis.isAvailable()).isTrue();
    assertThat(redis.problem()).isEqualTo("it refuses to write: its memory is full");
    server.unfill();
    await().untilAtomic(returns, org.hamcrest.Matchers.is(1));
    await().until(() -> redis.problem().isEmpty());
    assertThat(set("b", "2").join()).isEqualTo("OK");
  }

  @Test
  void aReplicaIsReadAndConnectedToAnewUntilItIsAMaster() {
    set("a", "1").join();
    server.ask("REPLICAOF", "127.0.0.1", "1");
    Set<String> connections = new HashSet<>();
    await()
        .until(() -> {
          assertThatThrownBy(set("b", "2")::join)
              .hasCauseInstanceOf(RedisUnavailableException.class);
          connections.addAll(connections());
          return connections.size() > 1;
        });
    assertThat(redis.isAvailable()).isTrue();
    assertThat(redis.problem()).isEqualTo("it refuses to write (READONLY)");
    await().until(this::answers);
    server.ask("REPLICAOF", "NO", "ONE");
    await().until(() -> redis.problem().isEmpty());
    assertThat(set("b", "2").join()).isEqualTo("OK");
  }

  /** The ids of the connections that are open, without the one that asks. */
  private Set<String> connections() {
    return Pattern.compile("(?m)^id=(\\d+) .* name=iir ")
        .matcher(server.ask("CLIENT", "LIST"))
        .results()
        .map(client -> client.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void aWrongTypeFailsOnlyItsCall() {
    server.ask("LPUSH", "n", "x");
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(count(1)::join)
          .hasCauseInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("it answers with an error");
    }
    assertThat(redis.isAvailable()).isTrue();
  }
}
