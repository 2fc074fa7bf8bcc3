package io.iir.throttle.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.config.StateSettings;
import io.iir.metrics.Meters;
import io.iir.redis.Redis;
import io.iir.redis.TestRedis;
import io.iir.testing.RedisServer;
import io.iir.throttle.Budget;
import io.iir.throttle.BudgetWatch;
import io.iir.throttle.Charge;
import io.iir.throttle.Limiter;
import io.iir.throttle.Limits;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Period;
import io.iir.throttle.Permit;
import io.iir.throttle.Quota;
import io.iir.throttle.RateLimitedException;
import io.iir.throttle.Scope;
import io.iir.throttle.Spent;
import io.iir.throttle.Subject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** The limiter on Redis and the one in memory decide the same. */
class SharedLimiterTest {

  private static final StateSettings.OnFailure OPEN =
      new StateSettings.OnFailure(
          StateSettings.Mode.OPEN,
          StateSettings.Mode.OPEN,
          StateSettings.Mode.OPEN,
          StateSettings.Mode.OPEN);
  private static final Instant BEGIN = Instant.parse("2026-03-31T23:58:30.250Z");
  private static final String CLOCK =
      "({redis.call('GET', 'test:second'), redis.call('GET', 'test:micros')})";

  @SuppressWarnings("NullAway.Init") // set before all
  private static RedisServer server;

  @SuppressWarnings("NullAway.Init") // set before all
  private static Redis redis;

  private long millis = BEGIN.toEpochMilli();

  @BeforeContainer
  static void start() {
    server = RedisServer.start();
    redis = TestRedis.of(server, Duration.ofSeconds(5));
    await().ignoreExceptions().until(() -> redis.call(commands -> commands.ping()).join() != null);
  }

  @AfterContainer
  static void stop() {
    TestRedis.close(redis);
    server.close();
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF, afterFailure = AfterFailureMode.RANDOM_SEED)
  void decides_as_the_one_in_memory(@ForAll long seed) {
    server.ask("FLUSHALL");
    tick(0);
    Random random = new Random(seed);
    List<Quota> quotas = quotas(random);
    Spent ledger = (subject, start) -> CompletableFuture.completedFuture(spent(subject, start));
    InstantSource clock = () -> Instant.ofEpochMilli(millis);
    Limiter memory =
        new MemoryLimiter(ledger, StateSettings.Mode.OPEN, () -> 1, () -> millis, clock);
    RedisLimiter shared =
        new RedisLimiter(
            redis,
            "r" + random.nextInt(1_000_000),
            () -> 1,
            ledger,
            OPEN,
            BudgetWatch.NONE,
            Scripts.of(text -> text.replace("redis.call('TIME')", CLOCK)),
            clock);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    shared.bindTo(meters);
    List<Permit[]> running = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3, 4 -> {
          Charge charge = charge(random, quotas);
          Outcome one = outcome(memory.acquire(charge));
          Outcome other = outcome(shared.acquire(charge));
          assertSame(step, one, other);
          if (one.permit() != null && other.permit() != null) {
            running.add(new Permit[] {one.permit(), other.permit()});
          }
        }
        case 5 -> {
          if (!running.isEmpty()) {
            Permit[] pair = running.get(random.nextInt(running.size()));
            Charge held = pair[0].charge();
            Charge wanted =
                new Charge(held.quotas(), held.tokens(), held.nanoUsd() + random.nextInt(2_000));
            assertSame(step, outcome(pair[0].cover(wanted)), outcome(pair[1].cover(wanted)));
          }
        }
        case 6, 7 -> {
          if (!running.isEmpty()) {
            Permit[] pair = running.remove(random.nextInt(running.size()));
            long tokens = random.nextInt(120);
            long nanoUsd = random.nextInt((int) Math.min(2_000, pair[0].charge().nanoUsd() + 1));
            pair[0].settle(tokens, nanoUsd);
            pair[1].settle(tokens, nanoUsd);
            redis.call(commands -> commands.ping()).join(); // what was sent before it is done
          }
        }
        default -> tick(random.nextInt(4) == 0 ? 45_000 : random.nextInt(9_000));
      }
    }
    assertThat(meters.get(Meters.THROTTLE_FALLBACKS.id()).functionCounter().count()).isZero();
    assertThat(meters.get(Meters.THROTTLE_UNDELIVERED.id()).gauge().value()).isZero();
  }

  private record Outcome(@Nullable Permit permit, @Nullable RateLimitedException refusal) {}

  private static Outcome outcome(CompletableFuture<Permit> future) {
    try {
      return new Outcome(future.join(), null);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RateLimitedException refusal) {
        return new Outcome(null, refusal);
      }
      throw e;
    }
  }

  private static void assertSame(int step, Outcome expected, Outcome actual) {
    assertThat(words(actual)).as("step %d", step).isEqualTo(words(expected));
  }

  private static String words(Outcome outcome) {
    RateLimitedException refusal = outcome.refusal();
    Permit permit = outcome.permit();
    return refusal == null
        ? "passes, %s, %d left"
            .formatted(
                Objects.requireNonNull(permit).snapshot(),
                Objects.requireNonNull(permit).budgetLeft())
        : "%s of %s refuses %d for %s, %s"
            .formatted(
                refusal.kind(),
                refusal.quota().subject().words(),
                refusal.asked(),
                refusal.retryAfter(),
                refusal.snapshot());
  }

  /** Time goes on, for all. */
  private void tick(long by) {
    millis += by;
    server.ask("SET", "test:second", Long.toString(millis / 1000));
    server.ask("SET", "test:micros", Long.toString(millis % 1000 * 1000));
  }

  private static List<Quota> quotas(Random random) {
    List<Quota> quotas = new ArrayList<>();
    quotas.add(quota(random, new Subject(Scope.KEY, "1", "web")));
    quotas.add(quota(random, new Subject(Scope.KEY, "2", "app")));
    quotas.add(quota(random, new Subject(Scope.TEAM, "red", "red")));
    quotas.add(new Quota(new Subject(Scope.MODEL, "m/a", "m/a"), limits(random), null));
    quotas.add(quota(random, Subject.GATEWAY));
    return quotas;
  }

  private static Quota quota(Random random, Subject subject) {
    Period period = List.of(Period.values()).get(random.nextInt(Period.values().length));
    Budget budget = random.nextBoolean() ? null : new Budget(1 + random.nextInt(8_000), period);
    return new Quota(subject, limits(random), budget);
  }

  private static Limits limits(Random random) {
    return new Limits(
        random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(12),
        random.nextInt(3) == 0 ? 0 : 20 + random.nextInt(500),
        random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(6));
  }

  private static Charge charge(Random random, List<Quota> quotas) {
    List<Quota> some = new ArrayList<>();
    some.add(quotas.get(random.nextInt(2)));
    for (Quota quota : quotas.subList(2, quotas.size())) {
      if (random.nextBoolean()) {
        some.add(quota);
      }
    }
    long tokens = random.nextInt(5) == 0 ? 0 : random.nextInt(60);
    return new Charge(some, tokens, random.nextInt(4) == 0 ? 0 : random.nextInt(1_500));
  }

  private static long spent(Subject subject, Instant start) {
    return start.equals(Period.DAY.start(BEGIN)) ? subject.id().length() * 700L : 0;
  }
}
