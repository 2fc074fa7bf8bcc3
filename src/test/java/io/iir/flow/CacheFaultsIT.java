package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.redis.Redis;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While Redis has a bad day, requests go on without it. */
class CacheFaultsIT {

  /** What happens to Redis, and how that is mended. */
  enum Fault {
    KILLED {
      @Override
      void begin(RedisServer redis) {
        redis.kill();
      }

      @Override
      void end(RedisServer redis) {
        redis.restart();
      }
    },
    PAUSED {
      @Override
      void begin(RedisServer redis) {
        redis.pause();
      }

      @Override
      void end(RedisServer redis) {
        redis.resume();
      }
    },
    FULL {
      @Override
      void begin(RedisServer redis) {
        redis.fill();
      }

      @Override
      void end(RedisServer redis) {
        redis.unfill();
      }
    },
    GARBAGE {
      @Override
      void begin(RedisServer redis) {
        String keys = redis.ask("KEYS", "iir:cache:*");
        for (String key : keys.substring(1, keys.length() - 1).split(", ", -1)) {
          redis.ask("SET", key, "garbage");
        }
        redis.ask("SET", "iir:cache-generation", "garbage");
      }

      @Override
      void end(RedisServer redis) {
        redis.ask("DEL", "iir:cache-generation");
      }
    };

    abstract void begin(RedisServer redis);

    abstract void end(RedisServer redis);
  }

  private static final int QUESTIONS = 40;

  private RedisServer redis;
  private FakeProvider provider;
  private Gateway one;
  private Gateway two;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    provider = new FakeProvider(call -> call.completion("Hello there", 5, 2));
    String[] settings =
        Gateway.all(
            Gateway.provider("fake", provider.baseUrl()),
            Crowd.LIMITS,
            new String[] {redis.setting(), "iir.cache.ttl=1s"});
    one = Gateway.start(settings);
    two = Gateway.start(settings);
  }

  @AfterEach
  void stop() throws Exception {
    redis.resume();
    one.close();
    two.close();
    provider.close();
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void nothingFails(Fault fault) throws Exception {
    Map<String, AtomicInteger> outcomes = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    List<Future<?>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, 8)
          .forEach(client ->
              clients.add(
                  threads.submit(() -> {
                    for (int i = client; !over.get(); i++) {
                      var answer = (i % 2 == 0 ? one : two).chat(question(i % QUESTIONS));
                      String cache = answer.headers().firstValue("x-iir-cache").orElse("none");
                      synchronized (outcomes) {
                        outcomes
                            .computeIfAbsent(
                                answer.statusCode() + " " + cache, word -> new AtomicInteger())
                            .incrementAndGet();
                        if (answer.statusCode() != 200) {
                          wrong.add(answer.body());
                        }
                      }
                      answered.incrementAndGet();
                    }
                  })));
      more(answered);
      fault.begin(redis);
      more(answered);
      more(answered);
      fault.end(redis);
      more(answered);
      await().until(() -> one.bean(Redis.class).isAvailable());
      await().until(() -> two.bean(Redis.class).isAvailable());
      more(answered);
      over.set(true);
      for (Future<?> client : clients) {
        client.get();
      }
    }
    System.out.println("Redis " + fault + " under load: " + outcomes);
    assertThat(wrong).isEmpty();
  }

  @Test
  void whoWaitsForAnotherGatewayGoesOnWhereRedisGoesAway() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    provider.behave(call -> {
      hold.await();
      call.completion("Hello there", 5, 2);
    });
    String ask = question(0);
    try (Crowd crowd = new Crowd()) {
      crowd.ask(one, ask);
      await().until(() -> provider.calls().size() == 1);
      for (int i = 0; i < 9; i++) {
        crowd.ask(two, ask);
      }
      await().until(() -> Crowd.waiting(two) == 9);
      redis.pause();
      await().until(() -> provider.calls().size() == 2);
      hold.countDown();
      assertThat(crowd.answers()).allMatch(answer -> answer.status() == 200);
    }
    assertThat(provider.calls()).hasSize(2);
  }

  /** Some hundred more are answered. */
  private static void more(AtomicInteger answered) {
    int before = answered.get();
    await().until(() -> answered.get() >= before + 200);
  }

  private static String question(int number) {
    return "{\"model\":\"fake/m\",\"messages\":[{\"role\":\"user\",\"content\":\"q %d\"}]}"
        .formatted(number);
  }
}
