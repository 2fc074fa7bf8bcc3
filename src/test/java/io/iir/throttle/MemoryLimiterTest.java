package io.iir.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.StateSettings.Mode;
import io.iir.throttle.RateLimitSnapshot.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryLimiterTest {

  private static final Subject KEY = new Subject(Scope.KEY, "key_1", "web");
  private static final Subject TEAM = new Subject(Scope.TEAM, "research", "research");
  private static final Subject MODEL = new Subject(Scope.MODEL, "openai/gpt-4o", "openai/gpt-4o");
  private static final long USD = 1_000_000_000;

  private final FakeClock clock = new FakeClock(Instant.parse("2026-03-31T23:58:00Z"));
  private final AtomicInteger replicas = new AtomicInteger(1);
  private final List<CompletableFuture<Long>> asked = new ArrayList<>();
  private final AtomicLong ledger = new AtomicLong();
  private boolean ledgerAnswers = true;

  private final MemoryLimiter limiter = limiter(Mode.OPEN);

  private MemoryLimiter limiter(Mode mode) {
    return new MemoryLimiter(this::spent, mode, replicas::get, clock, clock);
  }

  private CompletableFuture<Long> spent(Subject subject, Instant start) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    asked.add(answer);
    if (ledgerAnswers) {
      answer.complete(ledger.get());
    }
    return answer;
  }

  private static Quota quota(Subject subject, int rpm, int tpm, int concurrency) {
    return new Quota(subject, new Limits(rpm, tpm, concurrency), null);
  }

  private static Quota budget(Subject subject, long usd, Period period) {
    return new Quota(subject, Limits.NONE, new Budget(usd * USD, period));
  }

  private Permit acquire(long tokens, long nanoUsd, Quota... quotas) {
    return limiter.acquire(new Charge(List.of(quotas), tokens, nanoUsd)).join();
  }

  private RateLimitedException refused(long tokens, long nanoUsd, Quota... quotas) {
    return refusal(limiter.acquire(new Charge(List.of(quotas), tokens, nanoUsd)));
  }

  private static RateLimitedException refusal(CompletableFuture<Permit> answer) {
    assertThat(answer).isDone();
    return (RateLimitedException)
        Objects.requireNonNull(
            answer.handle((permit, failure) -> unwrap(failure)).join(), "it was let in");
  }

  private static @Nullable Throwable unwrap(@Nullable Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  @Test
  void letsAsManyPassInAMinuteAsTheLimitSays() {
    Quota quota = quota(KEY, 60, 0, 0);
    clock.advance(Duration.ofMillis(250));
    for (int i = 0; i < 60; i++) {
      acquire(1, 0, quota).settle(1, 0);
    }

    RateLimitedException refusal = refused(1, 0, quota);

    assertThat(refusal.kind()).isEqualTo(LimitKind.REQUESTS);
    assertThat(refusal.limit()).isEqualTo(60);
    assertThat(refusal.quota().subject()).isEqualTo(KEY);
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(60_750));
    assertThat(refusal.snapshot().requests())
        .isEqualTo(new Level(60, 0, Duration.ofMillis(60_750)));
    clock.advance(Duration.ofMillis(60_749));
    assertThat(refused(1, 0, quota).retryAfter()).isEqualTo(Duration.ofMillis(1));
    clock.advance(Duration.ofMillis(1));
    acquire(1, 0, quota);
  }

  @Test
  void reservesTokensAndGivesBackTheRest() {
    Quota quota = quota(KEY, 0, 1000, 0);
    Permit permit = acquire(800, 0, quota);

    assertThat(permit.snapshot().tokens()).isEqualTo(new Level(1000, 200, Duration.ofSeconds(61)));
    RateLimitedException refusal = refused(300, 0, quota);
    assertThat(refusal.kind()).isEqualTo(LimitKind.TOKENS);
    assertThat(refusal.asked()).isEqualTo(300);
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(61));

    permit.settle(100, 0);

    assertThat(left(quota)).isEqualTo(900);
  }

  private long left(Quota quota) {
    Permit probe = acquire(0, 0, quota);
    probe.settle(0, 0);
    return Objects.requireNonNull(probe.snapshot().tokens()).remaining();
  }

  @Test
  void tellsWhenEnoughOfAWindowHasPassed() {
    Quota quota = quota(KEY, 0, 100, 0);
    acquire(50, 0, quota).settle(50, 0);
    clock.advance(Duration.ofSeconds(20));
    acquire(50, 0, quota).settle(50, 0);

    assertThat(refused(40, 0, quota).retryAfter()).isEqualTo(Duration.ofSeconds(41));
    assertThat(refused(60, 0, quota).retryAfter()).isEqualTo(Duration.ofSeconds(61));
  }

  @Test
  void chargesWhatWasUsedBeyondTheReservationIntoDebt() {
    Quota quota = quota(KEY, 0, 60, 0);
    Permit permit = acquire(10, 0, quota);
    clock.advance(Duration.ofSeconds(30));
    permit.settle(180, 0);

    RateLimitedException refusal = refused(1, 0, quota);

    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(61));
    assertThat(refusal.snapshot().tokens()).isEqualTo(new Level(60, 0, Duration.ofSeconds(61)));
    clock.advance(Duration.ofSeconds(61));
    acquire(60, 0, quota);
  }

  @Test
  void settlesOnce() {
    Quota quota = quota(KEY, 0, 100, 1);
    Permit permit = acquire(50, 0, quota);
    permit.settle(20, 0);
    permit.settle(20, 0);
    permit.settle(1000, 0);
    Permit second = acquire(80, 0, quota);

    permit.settle(0, 0);

    assertThat(refused(0, 0, quota).kind()).isEqualTo(LimitKind.CONCURRENCY);
    second.settle(-5, -5);
    assertThat(left(quota)).isEqualTo(80);
  }

  @Test
  void refusesMoreAtATimeThanTheLimit() {
    Quota quota = quota(KEY, 0, 0, 2);
    Permit first = acquire(0, 0, quota);
    acquire(0, 0, quota);

    RateLimitedException refusal = refused(0, 0, quota);

    assertThat(refusal.kind()).isEqualTo(LimitKind.CONCURRENCY);
    assertThat(refusal.limit()).isEqualTo(2);
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    first.settle(0, 0);
    acquire(0, 0, quota);
  }

  @Test
  void takesFromAllOrFromNone() {
    Quota key = quota(KEY, 10, 100, 0);
    Quota team = quota(TEAM, 10, 200, 0);
    Quota gateway = quota(Subject.GATEWAY, 1000, 1000, 3);
    acquire(100, 0, key, team, gateway);
    for (int i = 0; i < 20; i++) {
      assertThat(refused(100, 0, key, team, gateway).quota().subject()).isEqualTo(KEY);
    }

    RateLimitSnapshot team2 = acquire(1, 0, team).snapshot();
    RateLimitSnapshot all = acquire(0, 0, gateway).snapshot();

    assertThat(team2.requests()).extracting(Level::remaining).isEqualTo(8L);
    assertThat(team2.tokens()).extracting(Level::remaining).isEqualTo(99L);
    assertThat(all.requests()).extracting(Level::remaining).isEqualTo(998L);
    acquire(0, 0, gateway);
    assertThat(refused(0, 0, gateway).kind()).isEqualTo(LimitKind.CONCURRENCY);
  }

  @Test
  void namesWhoseLimitForbidsItLongest() {
    Quota key = quota(KEY, 1, 0, 0);
    Quota team = quota(TEAM, 1, 0, 0);
    acquire(0, 0, team);
    clock.advance(Duration.ofSeconds(5));
    acquire(0, 0, key);

    RateLimitedException refusal = refused(0, 0, key, team);

    assertThat(refusal.quota().subject()).isEqualTo(KEY);
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(61));
    assertThat(refused(0, 0, team).retryAfter()).isEqualTo(Duration.ofSeconds(56));
  }

  @Test
  void showsTheTightestOfTheLimits() {
    Quota key = quota(KEY, 100, 50, 0);
    Quota team = quota(TEAM, 3, 0, 0);
    Quota gateway = quota(Subject.GATEWAY, 0, 20, 0);

    RateLimitSnapshot snapshot = acquire(15, 0, key, team, gateway).snapshot();

    assertThat(snapshot.requests()).isEqualTo(new Level(3, 2, Duration.ofSeconds(61)));
    assertThat(snapshot.tokens()).isEqualTo(new Level(20, 5, Duration.ofSeconds(61)));
  }

  @Test
  void tellsASureRefusalFromMemoryAndTakesNothing() {
    Quota key = quota(KEY, 2, 100, 0);
    Quota gateway = budget(Subject.GATEWAY, 1, Period.DAY);
    List<Quota> both = List.of(key, gateway);
    assertThat(limiter.refusal(both)).isNull();
    assertThat(limiter.subjects()).isZero();
    Permit permit = acquire(99, USD / 2, key, gateway);
    for (int i = 0; i < 10; i++) {
      assertThat(limiter.refusal(both)).isNull();
    }
    permit.settle(100, USD / 2);
    assertThat(limiter.refusal(both))
        .extracting(RateLimitedException::kind)
        .isEqualTo(LimitKind.TOKENS);
    clock.advance(Duration.ofSeconds(61));
    acquire(0, USD / 2, key, gateway).settle(0, USD / 2);

    RateLimitedException refusal = Objects.requireNonNull(limiter.refusal(both));

    assertThat(refusal.kind()).isEqualTo(LimitKind.BUDGET);
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(59));
  }

  @Test
  void saysThatARequestAboveTheWholeLimitCanNeverPass() {
    RateLimitedException refusal = refused(101, 0, quota(KEY, 10, 100, 1));

    assertThat(refusal.kind()).isEqualTo(LimitKind.TOKENS);
    assertThat(refusal.asked()).isEqualTo(101);
    assertThat(refusal.retryAfter()).isNull();
  }

  @Test
  void limitsNothingWhereThereIsNoQuota() {
    for (int i = 0; i < 1000; i++) {
      assertThat(acquire(Long.MAX_VALUE, Long.MAX_VALUE).snapshot())
          .isEqualTo(RateLimitSnapshot.UNLIMITED);
    }
    assertThat(limiter.subjects()).isZero();
  }

  @Test
  void takesChangedLimitsUpAtOnce() {
    for (int i = 0; i < 50; i++) {
      acquire(10, 0, quota(KEY, 100, 1000, 0)).settle(10, 0);
    }
    assertThat(refused(0, 0, quota(KEY, 50, 0, 0)).kind()).isEqualTo(LimitKind.REQUESTS);
    acquire(0, 0, quota(KEY, 51, 0, 0));
    acquire(500, 0, quota(KEY, 0, 1000, 0));
    acquire(1, 0, quota(KEY, 0, 0, 9));

    assertThat(refused(0, 0, quota(KEY, 53, 0, 0)).limit()).isEqualTo(53);
  }

  // ---- cover

  @Test
  void coversAnotherModelInPlaceOfTheOneBefore() {
    Quota key = quota(KEY, 10, 1000, 0);
    Quota model = quota(MODEL, 10, 100, 1);
    Quota other = quota(new Subject(Scope.MODEL, "a/b", "a/b"), 10, 50, 1);
    Permit permit = acquire(80, 0, key, model);
    Charge next = new Charge(List.of(key, other), 40, 0);

    assertThat(permit.cover(next)).isCompletedWithValue(permit);

    assertThat(permit.charge().quotas()).containsExactly(key, other);
    assertThat(permit.snapshot().requests()).extracting(Level::remaining).isEqualTo(9L);
    assertThat(left(model)).isEqualTo(100);
    assertThat(acquire(0, 0, model).snapshot().requests())
        .extracting(Level::remaining)
        .isEqualTo(7L);
    assertThat(refused(0, 0, other).kind()).isEqualTo(LimitKind.CONCURRENCY);
    permit.settle(30, 0);
    assertThat(left(other)).isEqualTo(20);
    assertThat(left(key)).isEqualTo(970);
  }

  @Test
  void holdsWhatItHeldWhereItCannotCoverMore() {
    Quota key = quota(KEY, 10, 100, 0);
    Quota model = quota(MODEL, 10, 100, 1);
    Permit permit = acquire(60, 0, key);
    acquire(0, 0, model);

    RateLimitedException full = refusal(permit.cover(new Charge(List.of(key, model), 60, 0)));
    RateLimitedException tokens = refusal(permit.cover(new Charge(List.of(key), 101, 0)));

    assertThat(full.quota().subject()).isEqualTo(MODEL);
    assertThat(tokens.kind()).isEqualTo(LimitKind.TOKENS);
    assertThat(permit.charge()).isEqualTo(new Charge(List.of(key), 60, 0));
    assertThat(left(key)).isEqualTo(40);
  }

  @Test
  void growsToWhatIsAskedAndNeverShrinks() {
    Quota key = new Quota(KEY, new Limits(0, 100, 0), new Budget(10 * USD, Period.TOTAL));
    Permit permit = acquire(60, 2 * USD, key);
    clock.advance(Duration.ofSeconds(30));

    permit.cover(new Charge(List.of(key), 90, 9 * USD)).join();
    permit.cover(new Charge(List.of(key), 10, USD)).join();

    assertThat(permit.charge()).isEqualTo(new Charge(List.of(key), 90, 9 * USD));
    assertThat(permit.budgetLeft()).isEqualTo(10 * USD);
    assertThat(refused(11, 0, key).retryAfter()).isEqualTo(Duration.ofSeconds(61));
    assertThat(refused(0, 2 * USD, key).kind()).isEqualTo(LimitKind.BUDGET);
    permit.settle(0, 9 * USD);
    acquire(100, USD, key);
  }

  @Test
  void coversNothingMoreOnceItIsSettled() {
    Quota key = quota(KEY, 10, 100, 1);
    Permit permit = acquire(60, 0, key);
    permit.settle(0, 0);

    permit.cover(new Charge(List.of(key), 100, 0)).join();

    acquire(100, 0, key);
  }

  // ---- budgets

  @Test
  void spendsNoMoreThanTheBudget() {
    Quota quota = budget(TEAM, 3, Period.TOTAL);
    Permit first = acquire(0, 2 * USD, quota);
    assertThat(first.budgetLeft()).isEqualTo(3 * USD);
    RateLimitedException running = refused(0, 2 * USD, quota);
    assertThat(running.kind()).isEqualTo(LimitKind.BUDGET);
    assertThat(running.retryAfter())
        .as("it may pass when the other has cost less")
        .isEqualTo(Duration.ofSeconds(1));
    first.settle(0, USD);
    acquire(0, 2 * USD, quota).settle(0, 2 * USD);

    assertThat(refused(0, 0, quota).retryAfter()).as("the budget is for ever").isNull();
    assertThat(refused(0, 4 * USD, quota).retryAfter()).isNull();
  }

  @Test
  void beginsAnewWithEachPeriod() {
    Quota quota = budget(TEAM, 3, Period.MONTH);
    acquire(0, 3 * USD, quota).settle(0, 3 * USD);
    Permit late = acquire(0, 0, budget(KEY, 1, Period.MONTH));
    assertThat(refused(0, 0, quota).retryAfter()).isEqualTo(Duration.ofMinutes(2));
    assertThat(refused(0, 4 * USD, quota).retryAfter()).as("above any month's").isNull();
    clock.advance(Duration.ofMinutes(2));

    Permit next = acquire(0, 3 * USD, quota);
    late.settle(0, USD);

    assertThat(next.budgetLeft()).isEqualTo(3 * USD);
    assertThat(acquire(0, 0, budget(KEY, 1, Period.MONTH)).budgetLeft())
        .as("what ends later is the month's in which it began")
        .isEqualTo(USD);
    assertThat(asked).hasSize(2);
  }

  @Test
  void asksTheLedgerOnceAndWaitsForItWithoutAThread() {
    ledgerAnswers = false;
    Quota quota = budget(TEAM, 3, Period.DAY);
    Charge charge = new Charge(List.of(quota), 0, 2 * USD);
    CompletableFuture<Permit> first = limiter.acquire(charge);
    CompletableFuture<Permit> second = limiter.acquire(charge);
    assertThat(limiter.refusal(List.of(quota))).isNull();
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(asked).hasSize(1);

    asked.getFirst().complete(USD / 2);

    assertThat(first.isDone() && second.isDone()).isTrue();
    assertThat(first.isCompletedExceptionally() ^ second.isCompletedExceptionally()).isTrue();
    assertThat(acquire(0, 0, quota).budgetLeft()).isEqualTo(USD / 2);
    assertThat(asked).hasSize(1);
  }

  @Test
  void goesByWhatItKnowsWhileTheLedgerIsAwayAndAsksAgain() {
    ledgerAnswers = false;
    Quota quota = budget(TEAM, 3, Period.TOTAL);
    CompletableFuture<Permit> first = limiter.acquire(new Charge(List.of(quota), 0, USD));
    asked.getFirst().completeExceptionally(new IllegalStateException("away"));
    first.join().settle(0, USD);
    assertThat(acquire(0, 0, quota).budgetLeft()).isEqualTo(2 * USD);
    assertThat(asked).hasSize(1);
    clock.advance(Duration.ofSeconds(10));
    acquire(0, 0, quota);

    asked.get(1).complete(2 * USD);

    assertThat(acquire(0, 0, quota).budgetLeft()).isEqualTo(USD);
    clock.advance(Duration.ofMinutes(1));
    acquire(0, 0, quota);
    assertThat(asked).hasSize(2);
  }

  @Test
  void letsNobodyInWhileTheLedgerIsAwayIfTheOperatorWantsIt() {
    ledgerAnswers = false;
    Charge charge = new Charge(List.of(budget(TEAM, 3, Period.TOTAL)), 0, USD);
    MemoryLimiter closed = limiter(Mode.CLOSED);
    CompletableFuture<Permit> answer = closed.acquire(charge);
    asked.getFirst().completeExceptionally(new IllegalStateException("secret"));

    Throwable failure = Objects.requireNonNull(answer.handle((permit, e) -> unwrap(e)).join());

    assertThat(failure)
        .isInstanceOf(LimitsUnknownException.class)
        .hasMessage("what team 'research' has spent is not known: the database does not answer");
    ledgerAnswers = true;
    assertThat(closed.acquire(charge)).isCompleted();
  }

  @Test
  void chargesABudgetThatCameWhileARequestRan() {
    Permit permit = acquire(0, 0, quota(KEY, 10, 0, 0));
    Quota quota = budget(KEY, 5, Period.DAY);
    acquire(0, 0, quota);

    permit.settle(0, 2 * USD);

    assertThat(acquire(0, 0, quota).budgetLeft()).isEqualTo(3 * USD);
  }

  // ---- one of several gateways

  @Test
  void sharesLimitsWithTheOtherGateways() {
    replicas.set(3);
    Quota quota = quota(KEY, 100, 0, 4);
    for (int i = 0; i < 33; i++) {
      acquire(0, 0, quota).settle(0, 0);
    }
    assertThat(refused(0, 0, quota).snapshot().requests())
        .extracting(Level::limit, Level::remaining)
        .containsExactly(100L, 0L);
    Quota places = quota(TEAM, 0, 0, 4);
    acquire(0, 0, places);
    assertThat(refused(0, 0, places).kind()).isEqualTo(LimitKind.CONCURRENCY);
    Quota few = quota(MODEL, 2, 0, 0);
    acquire(0, 0, few);
    assertThat(refused(0, 0, few).kind()).isEqualTo(LimitKind.REQUESTS);
  }

  @Test
  void letsARequestPassThatNeedsMoreThanAShareIfNothingElseIsUsed() {
    replicas.set(4);
    Quota quota = quota(KEY, 0, 1000, 0);
    Permit permit = acquire(900, 0, quota);

    assertThat(refused(1, 0, quota).retryAfter()).isEqualTo(Duration.ofSeconds(61));
    permit.settle(100, 0);
    acquire(150, 0, quota);
    assertThat(refused(1001, 0, quota).retryAfter()).isNull();
  }

  @Test
  void sharesWhatIsLeftOfABudget() {
    replicas.set(2);
    ledger.set(4 * USD);
    Quota quota = budget(TEAM, 10, Period.TOTAL);
    acquire(0, 3 * USD, quota).settle(0, 2 * USD);
    assertThat(acquire(0, 0, quota).budgetLeft()).isEqualTo(USD);

    assertThat(refused(0, 2 * USD, quota).retryAfter()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void drainsWhatWasUsedAndWhatIsGivenBackLater() {
    Quota quota = new Quota(KEY, new Limits(10, 100, 2), new Budget(9 * USD, Period.MONTH));
    Permit running = acquire(50, 3 * USD, quota);
    acquire(20, USD, quota).settle(10, USD);
    long second = clock.getAsLong() / 1000;
    long month = Period.MONTH.start(clock.instant()).toEpochMilli();

    assertThat(limiter.drain())
        .containsExactly(
            new Used(quota, List.of(new Used.Slot(second, 2, 60)), month, USD, 3 * USD, 1));

    running.settle(45, 2 * USD);
    assertThat(limiter.drain())
        .containsExactly(
            new Used(quota, List.of(new Used.Slot(second, 0, -5)), month, 2 * USD, 0, 0));
    assertThat(limiter.drain()).isEmpty();
    Permit untold = acquire(0, 0, quota);
    assertThat(untold.budgetLeft()).isEqualTo(6 * USD);
    untold.settle(0, 0);
    limiter.told();
    ledger.set(4 * USD);
    assertThat(acquire(0, 0, quota).budgetLeft()).isEqualTo(5 * USD);
  }

  // ---- memory

  @Test
  void forgetsIdleSubjectsButNoneThatRuns() {
    Permit running = acquire(0, 0, quota(KEY, 0, 0, 1));
    for (int i = 0; i < 1000; i++) {
      acquire(0, 0, quota(new Subject(Scope.KEY, "old_" + i, ""), 1, 0, 0)).settle(0, 0);
    }
    clock.advance(Duration.ofMinutes(61));
    for (int i = 0; i < 600; i++) {
      acquire(0, 0, quota(new Subject(Scope.KEY, "new_" + i, ""), 1, 0, 0)).settle(0, 0);
    }

    assertThat(limiter.subjects()).isBetween(601, 610);
    assertThat(refused(0, 0, quota(KEY, 0, 0, 1)).kind()).isEqualTo(LimitKind.CONCURRENCY);
    running.settle(0, 0);
  }

  // ---- many threads

  @Test
  void admitsExactlyAsManyAsTheLimitFromManyThreads() throws Exception {
    Quota[] wide = {quota(TEAM, 5000, 0, 0), quota(MODEL, 5000, 0, 0)};
    assertThat(admittedOf(2000, 7, quota(KEY, 500, 0, 0), wide[0], wide[1])).isEqualTo(500);
    assertThat(admittedOf(2000, 7, wide[0], wide[1], quota(Subject.GATEWAY, 0, 700, 0)))
        .isEqualTo(100);
    assertThat(admittedOf(2000, 7, wide[0], quota(MODEL, 0, 0, 33))).isEqualTo(33);
    assertThat(admittedOf(2000, USD, budget(TEAM, 77, Period.DAY), wide[1])).isEqualTo(77);
  }

  private int admittedOf(int attempts, long amount, Quota... quotas) throws Exception {
    MemoryLimiter fresh = limiter(Mode.OPEN);
    AtomicInteger admitted = new AtomicInteger();
    Charge charge = new Charge(List.of(quotas), amount, amount);
    inParallel(
        attempts,
        () -> {
          CompletableFuture<Permit> answer = fresh.acquire(charge);
          if (!answer.isCompletedExceptionally()) {
            admitted.incrementAndGet();
          }
          return null;
        });
    return admitted.get();
  }

  @Test
  void losesNothingWhenManyThreadsTakeCoverAndSettle() throws Exception {
    Quota key = new Quota(KEY, new Limits(0, 100_000, 12), new Budget(1000 * USD, Period.DAY));
    Quota gateway = quota(Subject.GATEWAY, 0, 200_000, 16);
    List<Quota> models = new ArrayList<>();
    for (String name : List.of("a/a", "b/b", "c/c")) {
      models.add(quota(new Subject(Scope.MODEL, name, name), 0, 100_000, 4));
    }
    AtomicInteger used = new AtomicInteger();
    AtomicLong cost = new AtomicLong();
    AtomicInteger seed = new AtomicInteger();
    inParallel(
        3000,
        () -> {
          SplittableRandom random = new SplittableRandom(seed.incrementAndGet());
          int tokens = random.nextInt(100);
          CompletableFuture<Permit> answer =
              limiter.acquire(new Charge(List.of(key, gateway), tokens, USD));
          if (answer.isCompletedExceptionally()) {
            return null;
          }
          Permit permit = answer.join();
          for (int i = 0; i < 3; i++) {
            var _ =
                permit.cover(
                    new Charge(
                        List.of(key, models.get(random.nextInt(3)), gateway),
                        random.nextInt(200),
                        random.nextLong(2 * USD)));
          }
          int actual = random.nextInt(10);
          used.addAndGet(actual);
          cost.addAndGet(actual);
          permit.settle(actual, actual);
          permit.settle(99, 99);
          return null;
        });

    assertThat(used.get()).isPositive();
    assertThat(left(key)).isEqualTo(100_000 - used.get());
    assertThat(left(gateway)).isEqualTo(200_000 - used.get());
    assertThat(acquire(0, 0, key).budgetLeft()).isEqualTo(1000 * USD - cost.get());
    for (Quota model : models) {
      for (int i = 0; i < 4; i++) {
        acquire(0, 0, model);
      }
      assertThat(refused(0, 0, model).kind()).isEqualTo(LimitKind.CONCURRENCY);
    }
  }

  private static void inParallel(int times, Callable<Void> task) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        tasks.add(task);
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
  }
}
