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
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
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

  @SuppressWarnings("NullAway.Init") // set before each
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

  private static long requests(Permit permit) {
    return Objects.requireNonNull(permit.snapshot().requests()).remaining();
  }

  private static long tokens(Permit permit) {
    return Objects.requireNonNull(permit.snapshot().tokens()).remaining();
  }

  private static @Nullable Permit passing(Node node, Charge charge) {
    try {
      return node.take(charge);
    } catch (CompletionException e) {
      return null;
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
    assertThat(nodes[0].limiter.refusal(List.of(web(100, 0, 0))))
        .isNotNull()
        .extracting(RateLimitedException::kind)
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
          long most = 3_000_000L + i;
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
    assertThat(nodes[0].fallbacks() + nodes[1].fallbacks()).isZero();
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
    assertThat(tokens(other)).isZero();
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
    assertThat(requests(next)).isEqualTo(4);
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
    assertThat(requests(next)).isEqualTo(8);
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
    assertThat(tokens(next)).isZero();
    assertThat(requests(next)).isEqualTo(7);
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
    assertThat(requests(a.take(charge(web(10, 0, 2), 0, 0)))).isEqualTo(7);
  }

  @Test
  void a_full_redis_is_owed_nothing_by_requests_that_it_did_not_take() {
    Node a = new Node("a", SHORT, Mode.OPEN);
    a.awaitReturn();
    server.fill();
    for (int i = 0; i < 20; i++) {
      a.passes(charge(web(100, 0, 0), 0, 0));
    }
    assertThat(a.undelivered()).isZero();
    int more = 0;
    for (int i = 0; i < 60; i++) {
      Permit permit = passing(a, charge(web(100, 0, 0), 0, 0));
      if (permit != null) {
        more++;
        permit.settle(0, 0);
      }
    }
    assertThat(more).as("what was let in counts on, whoever was told of it").isEqualTo(30);
    server.unfill();
  }

  @Test
  void the_end_of_a_request_is_told_though_nobody_else_comes() {
    Node a = new Node("a", SHORT, Mode.OPEN);
    a.awaitReturn();
    Permit permit = a.take(charge(web(0, 0, 1), 0, 0));
    server.pause();
    permit.settle(0, 0);
    await().until(() -> a.undelivered() > 0);
    server.resume();
    await().until(() -> a.undelivered() == 0);
    assertThat(a.passes(charge(web(0, 0, 1), 0, 0))).isTrue();
  }

  @Test
  void a_budget_counts_once_what_was_spent_before_redis_lost_it() {
    Node a = new Node("a", SHORT, Mode.OPEN);
    Node b = new Node("b", SHORT, Mode.OPEN);
    a.awaitReturn();
    b.awaitReturn();
    server.kill();
    Permit permit = a.take(charge(web(100), 0, 40));
    ledger.set(5);
    permit.settle(0, 5);
    server.restart();
    b.awaitReturn();
    assertThat(b.passes(charge(web(100), 0, 96))).isFalse();
    a.awaitReturn();
    await().until(() -> a.merges() > 0);
    assertThat(a.passes(charge(web(100), 0, 96))).isFalse();
    assertThat(a.passes(charge(web(100), 0, 95))).isTrue();
  }

  @Test
  void a_budget_that_redis_knew_is_charged_with_what_was_spent_while_it_was_paused() {
    Node a = new Node("a", SHORT, Mode.OPEN);
    a.awaitReturn();
    a.take(charge(web(100), 0, 10)).settle(0, 10);
    server.pause();
    Permit permit = a.take(charge(web(100), 0, 40));
    permit.settle(0, 5);
    server.resume();
    a.awaitReturn();
    await().until(() -> a.merges() > 0);
    assertThat(a.passes(charge(web(100), 0, 86))).isFalse();
    assertThat(a.passes(charge(web(100), 0, 85))).isTrue();
  }

  @Test
  void a_budget_set_while_a_request_runs_is_charged_with_its_cost() {
    Node a = new Node("a", LONG, Mode.OPEN);
    Permit before = a.take(charge(web(10, 0, 0), 0, 0));
    assertThat(a.passes(charge(web(100), 0, 1))).isTrue();
    before.settle(0, 30);
    a.awaitReturn();
    assertThat(a.passes(charge(web(100), 0, 70))).isFalse();
    assertThat(a.passes(charge(web(100), 0, 69))).isTrue();
  }

  @Test
  void a_model_taken_while_redis_was_away_is_charged_with_what_was_used() {
    Node a = new Node("a", SHORT, Mode.OPEN);
    a.awaitReturn();
    Quota key = web(10, 100, 1);
    Quota model = new Quota(new Subject(Scope.MODEL, "m/1", "m/1"), limits(5, 100, 1), null);
    Permit permit = a.take(charge(key, 30, 0));
    server.pause();
    permit.cover(new Charge(List.of(key, model), 50, 0)).join();
    assertThat(a.fallbacks()).isPositive();
    permit.settle(45, 0);
    server.resume();
    a.awaitReturn();
    await().until(() -> a.merges() > 0);
    assertThat(a.passes(charge(key, 56, 0))).isFalse();
    assertThat(requests(a.take(charge(key, 55, 0)))).isEqualTo(8);
    assertThat(a.passes(charge(model, 56, 0))).isFalse();
    assertThat(requests(a.take(charge(model, 55, 0)))).isEqualTo(3);
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
