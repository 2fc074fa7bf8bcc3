package io.iir.flow;

import static io.iir.testing.Gateway.all;
import static io.iir.testing.Gateway.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.metrics.Meters;
import io.iir.redis.Redis;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.PostgresServer;
import io.iir.testing.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Two gateways under load whose Redis is killed, started anew, paused and filled: nobody gets a
 * 5xx. Writes what each did to a limit of 100 requests a minute to {@code target/redis-faults.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisFaultsIT {

  private static final int LIMIT = 100;
  private static final int CLIENTS = 4;
  private static final int BEFORE = 40;

  private final FakeProvider provider = new FakeProvider(call -> call.completion("one", 3, 1));
  private final List<String> rows = new CopyOnWriteArrayList<>();
  private Gateway[] gateways;
  private RedisServer redis;
  private Gateway.NewKey unlimited;

  @BeforeAll
  void start() {
    redis = RedisServer.start();
    String[] settings =
        all(
            provider("p", provider.baseUrl()),
            new String[] {
              PostgresServer.shared().setting(), redis.setting(), "iir.cache.enabled=false"
            });
    gateways = new Gateway[] {Gateway.start(settings), Gateway.start(settings)};
    unlimited = key(1_000_000);
    awaitRedis();
  }

  @AfterAll
  void stop() throws IOException {
    for (Gateway gateway : gateways) {
      gateway.close();
    }
    redis.close();
    provider.close();
    List<String> lines = new ArrayList<>();
    lines.add(
        "| Redis | passed before | while it lasted | after | all | 5xx | p99 before | worst after"
            + " |");
    lines.add("|---|---|---|---|---|---|---|---|");
    rows.stream().sorted().forEach(lines::add);
    Files.write(Path.of("target/redis-faults.md"), lines);
  }

  private Gateway.NewKey key(int rpm) {
    return gateways[0].newKey(
        """
        {"name":"k%d","limits":{"rpm":%d,"tpm":0,"concurrency":0}}\
        """
            .formatted(rpm, rpm));
  }

  private void awaitRedis() {
    for (Gateway gateway : gateways) {
      Redis shared = gateway.bean(Redis.class);
      await()
          .ignoreExceptions()
          .until(() -> shared.isAvailable() && shared.call(each -> each.ping()).join() != null);
    }
    await()
        .until(() -> {
          double before = fallbacks();
          for (Gateway gateway : gateways) {
            ask(gateway, unlimited);
          }
          return fallbacks() == before && undelivered() == 0;
        });
  }

  private double fallbacks() {
    double all = 0;
    for (Gateway gateway : gateways) {
      MeterRegistry meters = gateway.bean(MeterRegistry.class);
      all += meters.get(Meters.THROTTLE_FALLBACKS.id()).functionCounter().count();
    }
    return all;
  }

  private double undelivered() {
    double all = 0;
    for (Gateway gateway : gateways) {
      MeterRegistry meters = gateway.bean(MeterRegistry.class);
      all += meters.get(Meters.THROTTLE_UNDELIVERED.id()).gauge().value();
    }
    return all;
  }

  private static int ask(Gateway gateway, Gateway.NewKey key) {
    HttpRequest request =
        gateway
            .request("/v1/chat/completions", "Authorization", "Bearer " + key.secret())
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"model":"p/m","messages":[{"role":"user","content":"hi"}]}\
                    """))
            .build();
    return gateway.send(request).statusCode();
  }

  @Test
  void killed() {
    suffer("killed, then empty", redis::kill, redis::restart);
  }

  @Test
  void restarted() {
    suffer(
        "restarted at once",
        () -> {
          redis.kill();
          redis.restart();
        },
        () -> {});
  }

  @Test
  void paused() {
    suffer("paused", redis::pause, redis::resume);
  }

  @Test
  void filled() {
    suffer("full", redis::fill, redis::unfill);
  }

  private void suffer(String what, Runnable fault, Runnable end) {
    Gateway.NewKey key = key(LIMIT);
    Load load = new Load();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        Gateway gateway = gateways[i % gateways.length];
        threads.execute(() -> load.run(gateway));
      }
      int before = passed(key, BEFORE, load);
      load.awaitMore(50);
      long usual = load.p99();
      fault.run();
      int meanwhile = passed(key, 2 * LIMIT, load);
      end.run();
      awaitRedis();
      long returned = System.nanoTime();
      int after = passed(key, 2 * LIMIT, load);
      load.awaitMore(50);
      load.stop();
      rows.add(
          "| %s | %d | %d | %d | %d | %d | %d ms | %d ms |"
              .formatted(
                  what,
                  before,
                  meanwhile,
                  after,
                  before + meanwhile + after,
                  load.failed.get(),
                  usual,
                  load.worstSince(returned)));
      assertThat(before).isEqualTo(BEFORE);
      assertThat(before + meanwhile + after).isBetween(LIMIT, 2 * LIMIT);
    } finally {
      load.stop();
    }
    assertThat(load.failed).hasValue(0);
  }

  /** How many of so many requests at both gateways in turn pass. */
  private int passed(Gateway.NewKey key, int requests, Load load) {
    int passed = 0;
    for (int i = 0; i < requests; i++) {
      int status = ask(gateways[i % gateways.length], key);
      passed += status == 200 ? 1 : 0;
      load.failed.addAndGet(status >= 500 ? 1 : 0);
    }
    return passed;
  }

  /** Clients that ask again and again. */
  private final class Load {
    final AtomicInteger failed = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<long[]> times = Collections.synchronizedList(new ArrayList<>());

    void run(Gateway gateway) {
      while (!stopped.get()) {
        long start = System.nanoTime();
        try {
          int status = ask(gateway, unlimited);
          failed.addAndGet(status >= 500 ? 1 : 0);
        } catch (UncheckedIOException e) {
          failed.incrementAndGet();
        }
        times.add(new long[] {start, System.nanoTime() - start});
      }
    }

    void stop() {
      stopped.set(true);
    }

    void awaitMore(int requests) {
      int enough = times.size() + requests;
      await().until(() -> times.size() >= enough);
    }

    long p99() {
      synchronized (times) {
        long[] sorted = times.stream().mapToLong(each -> each[1]).sorted().toArray();
        return TimeUnit.NANOSECONDS.toMillis(sorted[sorted.length * 99 / 100]);
      }
    }

    long worstSince(long nanos) {
      synchronized (times) {
        return TimeUnit.NANOSECONDS.toMillis(
            times.stream()
                .filter(each -> each[0] - nanos > 0)
                .mapToLong(each -> each[1])
                .max()
                .orElse(0));
      }
    }
  }
}
