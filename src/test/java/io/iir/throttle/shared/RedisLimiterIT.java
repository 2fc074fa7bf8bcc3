package io.iir.throttle.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iir.config.StateSettings;
import io.iir.config.StateSettings.Mode;
import io.iir.metrics.Meters;
import io.iir.redis.Redis;
import io.iir.redis.TestRedis;
import io.iir.testing.RedisServer;
import io.iir.throttle.Budget;
import io.iir.throttle.BudgetWatch;
import io.iir.throttle.Charge;
import io.iir.throttle.LimitKind;
import io.iir.throttle.Limits;
import io.iir.throttle.LimitsUnknownException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two limiters, as two gateways have them, on one real Redis that is killed, paused and filled. */
class RedisLimiterIT {

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Subject WEB = new Subject(Scope.KEY, "1", "web");

  private final List<Redis> clients = new ArrayList<>();
  private final AtomicLong ledger = new AtomicLong();
  private RedisServer server;

  @BeforeEach
  void start() {
    server = RedisServer.start();
  }

  @AfterEach
  void stop() {
    clients.forEach(TestRedis::close);
    server.close();
  }

  /** A gateway's limiter, with what it shows of itself. */
  private final class Node {
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Redis redis;
    final RedisLimiter limiter;

    Node(String name, Duration timeout, Mode onFailure) {
      redis = TestRedis.of(server, timeout);
      clients.add(redis);
      await().ignoreExceptions().until(() -> redis.call(each -> each.ping()).join() != null);
      Spent spent = (subject, start) -> CompletableFuture.completedFuture(ledger.get());
      limiter =
          new RedisLimiter(
              redis,
              name,
              () -> 2,
              spent,
              new StateSettings.OnFailure(onFailure, onFailure, Mode.OPEN, Mode.OPEN),
              BudgetWatch.NONE);
      limiter.bindTo(meters);
    }

    double fallbacks() {
      return meters.get(Meters.THROTTLE_FALLBACKS.id()).functionCounter().count();
    }

    double undelivered() {
      return meters.get(Meters.THROTTLE_UNDELIVERED.id()).gauge().value();
    }

    double merges() {
      return meters.get(Meters.THROTTLE_MERGES.id()).functionCounter().count();
    }

    Permit take(Charge charge) {
      return limiter.acquire(charge).join();
    }

    boolean passes(Charge charge) {
      try {
        take(charge);
        return true;
      } catch (CompletionException e) {
        if (e.getCause() instanceof RateLimitedException) {
          return false;
        }
        throw e;
      }
    }

    /** Waits until Redis decides again, and has heard all. */
    void awaitReturn() {
      await()
          .until(() -> {
            double before = fallbacks();
            Charge other =
                charge(new Quota(new Subject(Scope.KEY, "x", "x"), limits(1, 0, 0), null), 0, 0);
            passes(other);
            return fallbacks() == before && undelivered() == 0;
          });
    }
  }

  private static Limits limits(int rpm, int tpm, int concurrency) {
    return new Limits(rpm, tpm, concurrency);
  }

  private static Quota web(int rpm, int tpm, int concurrency) {
    return new Quota(WEB, limits(rpm, tpm, concurrency), null);
  }

  private static Quota web(long budget) {
    return new Quota(WEB, Limits.NONE, new Budget(budget, Period.MONTH));
  }

  private static Charge charge(Quota quota, long tokens, long nanoUsd) {
    return new Charge(List.of(quota), tokens, nanoUsd);
  }

  private static void inParallel(int times, IntConsumer task) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < times; i++) {
        int number = i;
        threads.execute(() -> task.accept(number));
      }
    }
  }

  @Test
  void no_more_requests_pass_two_gateways_than_the_limit() {
    Node[] nodes = {new Node("a", LONG, Mode.OPEN), new Node("b", LONG, Mode.OPEN)};
    AtomicLong passed = new AtomicLong();
    inParallel(
        1000,
        i -> {
          if (nodes[i % 2].passes(charge(web(100, 0, 0), 0, 0))) {
            passed.incrementAndGet();
          }
        });
    assertThat(passed).hasValue(100);
    assertThat(nodes[0].fallbacks() + nodes[1].fallbacks()).isZero();
    assertThat(nodes[0].limiter.refusal(List.of(web(100, 0, 0))).kind())
        .isEqualTo(LimitKind.REQUESTS);
    assertThat(nodes[0].limiter.refusal(List.of(web(101, 0, 0)))).isNull();
  }

  @Test
  void a_budget_lasts_to_the_last_billionth_and_no_further() {
    Node[] nodes = {new Node("a", LONG, Mode.OPEN), new Node("b", LONG, Mode.OPEN)};
    String soon = Long.toString(System.currentTimeMillis() + 60_000);
    server.ask("ZADD", "iir:replicas", soon, "a", soon, "b"); // no gateway is there to show itself
    long budget = 1_000_000_007L;
    AtomicLong cost = new AtomicLong();
    inParallel(
        1000,
        i -> {
          long most = 3_000_000 + i;
          try {
            Permit permit = nodes[i % 2].take(charge(web(budget), 0, most));
            // A third leaves early: what came until then is paid for.
            long paid = i % 3 == 0 ? new Random(i).nextLong(most) : most;
            permit.settle(0, paid);
            cost.addAndGet(paid);
          } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(RateLimitedException.class);
          }
        });
    for (Node node : nodes) {
      node.awaitReturn();
    }
    long rest = budget - cost.get();
    assertThat(rest).isNotNegative();
    if (rest > 0) {
      nodes[0].take(charge(web(budget), 0, rest)).settle(0, rest);
      cost.addAndGet(rest);
    }
    assertThat(nodes[1].passes(charge(web(budget), 0, 1))).isFalse();
    nodes[0].awaitReturn();
    String generation = server.ask("GET", "iir:{iir:replicas}:generation");
    long start = Period.MONTH.start(Instant.now()).getEpochSecond();
    assertThat(
            server.ask("GET", "iir:{iir:replicas}:%s:spent:%d:key:1".formatted(generation, start)))
        .isEqualTo(Long.toString(cost.get()));
  }

  @Test
  void tokens_not_used_are_there_for_others_and_those_used_beyond_are_owed() {
    Node a = new Node("a", LONG, Mode.OPEN);
    Node b = new Node("b", LONG, Mode.OPEN);
    Permit permit = a.take(charge(web(0, 100, 0), 80, 0));
    assertThat(b.passes(charge(web(0, 100, 0), 30, 0))).isFalse();
    permit.settle(50, 0);
    a.awaitReturn();
    Permit other = b.take(charge(web(0, 100, 0), 50, 0));
    assertThat(other.snapshot().tokens().remaining()).isZero();
    other.settle(60, 0);
    b.awaitReturn();
    assertThat(a.passes(charge(web(0, 120, 0), 11, 0))).isFalse();
    assertThat(a.passes(charge(web(0, 120, 0), 10, 0))).isTrue();
  }

  @Test
  void a_gateway_that_is_gone_holds_no_places() {
    Node a = new Node("a", LONG, Mode.OPEN);
    Node b = new Node("b", LONG, Mode.OPEN);
    server.ask("ZADD", "iir:replicas", Long.toString(System.currentTimeMillis()), "a");
    Permit held = a.take(charge(web(0, 0, 1), 0, 0));
    assertThat(b.passes(charge(web(0, 0, 1), 0, 0))).isFalse();
    server.ask("ZADD", "iir:replicas", Long.toString(System.currentTimeMillis() - 11_000), "a");
    Permit other = b.take(charge(web(0, 0, 1), 0, 0));
    other.settle(0, 0);
    held.settle(0, 0);
  }

  @Test
  void another_model_takes_the_place_of_the_first() {
    Node a = new Node("a", LONG, Mode.OPEN);
    Quota one = new Quota(new Subject(Scope.MODEL, "m/1", "m/1"), limits(5, 100, 1), null);
    Quota two = new Quota(new Subject(Scope.MODEL, "m/2", "m/2"), limits(5, 100, 1), null);
    Quota key = web(10, 0, 0);
    Permit permit = a.take(new Charge(List.of(key, one), 60, 0));
    assertThat(a.passes(new Charge(List.of(key, one), 10, 0))).isFalse();
    permit.cover(new Charge(List.of(key, two), 60, 0)).join();
    assertThat(permit.charge().quotas()).containsExactly(key, two);
    a.awaitReturn();
    assertThat(a.passes(new Charge(List.of(key, one), 100, 0))).isTrue();
    assertThat(a.passes(new Charge(List.of(key, two), 10, 0))).isFalse();
    permit.settle(60, 0);
    a.awaitReturn();
    assertThat(a.passes(new Charge(List.of(key, two), 41, 0))).isFalse();
    assertThat(a.passes(new Charge(List.of(key, two), 40, 0))).isTrue();
  }

  @Test
  void each_gateway_goes_on_with_its_part_while_redis_is_away() {
    Node a = new Node("a", SHORT, Mode.OPEN);
    a.awaitReturn();
    server.kill();
    int passed = 0;
    for (int i = 0; i < 20; i++) {
      passed += a.passes(charge(web(10, 0, 0), 0, 0)) ? 1 : 0;
    }
    assertThat(passed).isEqualTo(5);
    server.restart();
    a.awaitReturn();
    await().until(() -> a.merges() > 0);
    Permit next = a.take(charge(web(10, 0, 0), 0, 0));
    assertThat(next.snapshot().requests().remaining()).isEqualTo(4);
  }

  @Test
  void a_redis_that_lost_all_hears_what_was_used_and_what_runs() {
    Node a = new Node("a", SHORT, Mode.OPEN);
    a.awaitReturn();
    Permit running = a.take(charge(web(10, 100, 1), 30, 0));
    ledger.set(70);
    Permit paying = a.take(charge(web(100), 0, 20));
    server.kill();
    server.restart();
    a.awaitReturn();
    assertThat(a.passes(charge(web(10, 100, 1), 1, 0))).as("its place is held").isFalse();
    assertThat(a.passes(charge(web(100), 0, 11))).as("20 are reserved").isFalse();
    running.settle(10, 0);
    paying.settle(0, 0);
    a.awaitReturn();
    assertThat(a.passes(charge(web(10, 100, 1), 91, 0))).isFalse();
    Permit next = a.take(charge(web(10, 100, 1), 90, 0));
    assertThat(next.snapshot().requests().remaining()).isEqualTo(8);
    assertThat(a.passes(charge(web(100), 0, 30))).isTrue();
  }

  @Test
  void what_a_paused_redis_gives_too_late_is_given_back_and_ends_are_not_lost() {
    Node a = new Node("a", SHORT, Mode.OPEN);
    a.awaitReturn();
    Permit before = a.take(charge(web(10, 100, 0), 60, 0));
    server.pause();
    Permit meanwhile = a.take(charge(web(10, 100, 0), 20, 0));
    assertThat(a.fallbacks()).isPositive();
    before.settle(10, 0);
    assertThat(a.undelivered()).isPositive();
    meanwhile.settle(20, 0);
    server.resume();
    a.awaitReturn();
    await().until(() -> a.merges() > 0);
    Permit next = a.take(charge(web(10, 100, 0), 70, 0));
    assertThat(next.snapshot().tokens().remaining()).isZero();
    assertThat(next.snapshot().requests().remaining()).isEqualTo(7);
  }

  @Test
  void a_full_redis_refuses_nobody() {
    Node a = new Node("a", SHORT, Mode.OPEN);
    a.awaitReturn();
    Permit before = a.take(charge(web(10, 0, 1), 0, 0));
    server.fill();
    assertThat(a.passes(charge(web(10, 0, 2), 0, 0))).isTrue();
    assertThat(a.fallbacks()).isPositive();
    before.settle(0, 0);
    server.unfill();
    a.awaitReturn();
    await().until(() -> a.merges() > 0);
    assertThat(a.take(charge(web(10, 0, 2), 0, 0)).snapshot().requests().remaining()).isEqualTo(7);
  }

  @Test
  void requests_are_refused_where_the_operator_says_so() {
    Node a = new Node("a", SHORT, Mode.CLOSED);
    server.kill();
    assertThatThrownBy(() -> a.take(charge(web(10, 0, 0), 0, 0)))
        .hasCauseInstanceOf(LimitsUnknownException.class);
    Quota free = new Quota(WEB, Limits.NONE, null);
    assertThat(a.passes(charge(free, 0, 0))).isTrue();
  }
}
