package io.iir.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.iir.throttle.RateLimitSnapshot.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryRateLimiterTest {

  private final FakeClock clock = new FakeClock();
  private final MemoryRateLimiter limiter = new MemoryRateLimiter(clock);

  private Admission admit(Limits limits, long tokens) {
    Admission admission = limiter.admit("key_1", limits);
    admission.reserve(tokens);
    return admission;
  }

  private RateLimitedException refused(Limits limits, long tokens) {
    return catchThrowableOfType(RateLimitedException.class, () -> admit(limits, tokens));
  }

  private Level tokensLeft(Limits limits) {
    Admission probe = admit(limits, 0);
    probe.settle(0);
    return Objects.requireNonNull(probe.snapshot().tokens());
  }

  @Test
  void refusesRequestsAboveTheLimitAndRefillsEvenly() {
    Limits limits = new Limits(60, 0, 0);
    for (int i = 0; i < 60; i++) {
      admit(limits, 1).settle(1);
    }

    RateLimitedException refusal = refused(limits, 1);

    assertThat(refusal.kind()).isEqualTo(LimitKind.REQUESTS);
    assertThat(refusal.limit()).isEqualTo(60);
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    assertThat(refusal.snapshot().requests()).isEqualTo(new Level(60, 0, Duration.ofMinutes(1)));
    clock.advance(Duration.ofMillis(999));
    assertThat(refused(limits, 1)).isNotNull();
    clock.advance(Duration.ofMillis(1));
    admit(limits, 1);
    assertThat(refused(limits, 1)).isNotNull();
  }

  @Test
  void reservesTokensAndGivesBackTheRest() {
    Limits limits = new Limits(0, 1000, 0);
    Admission admission = admit(limits, 800);

    assertThat(admission.snapshot().tokens())
        .isEqualTo(new Level(1000, 200, Duration.ofSeconds(48)));
    RateLimitedException refusal = refused(limits, 300);
    assertThat(refusal.kind()).isEqualTo(LimitKind.TOKENS);
    assertThat(refusal.asked()).isEqualTo(300);
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(6));

    admission.settle(100);

    assertThat(tokensLeft(limits).remaining()).isEqualTo(900);
  }

  @Test
  void chargesWhatWasUsedBeyondTheReservationIntoDebt() {
    Limits limits = new Limits(0, 60, 0);
    admit(limits, 10).settle(180);

    RateLimitedException refusal = refused(limits, 1);

    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(121));
    assertThat(refusal.snapshot().tokens()).isEqualTo(new Level(60, 0, Duration.ofMinutes(3)));
    clock.advance(Duration.ofSeconds(121));
    admit(limits, 1);
  }

  @Test
  void givesBackNoMoreThanTheLimit() {
    Limits limits = new Limits(0, 100, 0);
    Admission admission = admit(limits, 100);
    clock.advance(Duration.ofMinutes(1));

    admission.settle(0);

    assertThat(tokensLeft(limits).remaining()).isEqualTo(100);
  }

  @Test
  void settlesOnce() {
    Limits limits = new Limits(0, 100, 1);
    Admission admission = admit(limits, 50);
    admission.settle(20);
    admission.settle(20);
    admission.settle(1000);
    Admission second = admit(limits, 80);

    admission.settle(0);

    assertThat(refused(limits, 0).kind()).isEqualTo(LimitKind.CONCURRENCY);
    second.settle(-5);
    assertThat(tokensLeft(limits).remaining()).isEqualTo(80);
  }

  @Test
  void refusesMoreAtATimeThanTheLimit() {
    Limits limits = new Limits(0, 0, 2);
    Admission first = admit(limits, 0);
    admit(limits, 0);

    RateLimitedException refusal = refused(limits, 0);

    assertThat(refusal.kind()).isEqualTo(LimitKind.CONCURRENCY);
    assertThat(refusal.limit()).isEqualTo(2);
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    first.settle(0);
    admit(limits, 0);
  }

  @Test
  void takesNothingWhenItAdmitsNot() {
    Limits limits = new Limits(10, 100, 1);
    Admission running = admit(limits, 40);
    for (int i = 0; i < 50; i++) {
      assertThat(refused(limits, 10).kind()).isEqualTo(LimitKind.CONCURRENCY);
    }
    running.settle(40);

    RateLimitSnapshot after = admit(limits, 60).snapshot();

    assertThat(after.requests()).extracting(Level::remaining).isEqualTo(8L);
    assertThat(after.tokens()).extracting(Level::remaining).isEqualTo(0L);
  }

  @Test
  void freesTheSlotOfWhoIsRefusedTokensAndCountsTheRequest() {
    Limits limits = new Limits(10, 100, 1);
    assertThat(refused(limits, 101).kind()).isEqualTo(LimitKind.TOKENS);
    admit(limits, 100).settle(100);
    Admission admission = limiter.admit("key_1", limits);

    RateLimitedException refusal =
        catchThrowableOfType(RateLimitedException.class, () -> admission.reserve(1));

    assertThat(refusal.snapshot().requests()).extracting(Level::remaining).isEqualTo(7L);
    assertThat(admission.snapshot()).isEqualTo(refusal.snapshot());
    Admission next = limiter.admit("key_1", limits);
    admission.settle(50);
    assertThat(refused(limits, 0).kind()).isEqualTo(LimitKind.CONCURRENCY);
    next.settle(0);
  }

  @Test
  void needsNoTokensToRefuseRequests() {
    Limits limits = new Limits(1, 60, 2);
    limiter.admit("key_1", limits).settle(0);

    RateLimitedException refusal =
        catchThrowableOfType(RateLimitedException.class, () -> limiter.admit("key_1", limits));

    assertThat(refusal.kind()).isEqualTo(LimitKind.REQUESTS);
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMinutes(1));
    assertThat(refusal.snapshot().tokens()).extracting(Level::remaining).isEqualTo(60L);
  }

  @Test
  void reservesOnce() {
    Admission admission = admit(new Limits(0, 100, 0), 10);
    assertThatIllegalStateException().isThrownBy(() -> admission.reserve(10));
    admission.settle(0);
    assertThatIllegalStateException().isThrownBy(() -> admission.reserve(10));
  }

  @Test
  void saysThatARequestAboveTheWholeLimitCanNeverPass() {
    RateLimitedException refusal = refused(new Limits(10, 100, 1), 101);

    assertThat(refusal.kind()).isEqualTo(LimitKind.TOKENS);
    assertThat(refusal.asked()).isEqualTo(101);
    assertThat(refusal.retryAfter()).isNull();
  }

  @Test
  void limitsNothingWhereAllIsZero() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(admit(Limits.NONE, Long.MAX_VALUE).snapshot())
          .isEqualTo(RateLimitSnapshot.UNLIMITED);
    }
  }

  @Test
  void keepsSubjectsApart() {
    Limits limits = new Limits(1, 0, 0);
    admit(limits, 0);

    limiter.admit("key_2", limits);

    assertThat(refused(limits, 0)).isNotNull();
  }

  @Test
  void takesChangedLimitsUpAtOnceInProportion() {
    for (int i = 0; i < 50; i++) {
      admit(new Limits(100, 1000, 0), 10).settle(10);
    }

    RateLimitSnapshot half = admit(new Limits(10, 2000, 0), 0).snapshot();

    assertThat(half.requests()).extracting(Level::remaining).isEqualTo(4L);
    assertThat(half.tokens()).extracting(Level::remaining).isEqualTo(1000L);
    assertThat(admit(Limits.NONE, 1).snapshot()).isEqualTo(RateLimitSnapshot.UNLIMITED);
    assertThat(admit(new Limits(7, 0, 0), 1).snapshot().requests())
        .isEqualTo(new Level(7, 6, Duration.ofMillis(8572)));
  }

  @Test
  void settlesAReservationOfALimitThatIsGone() {
    Admission admission = admit(new Limits(0, 100, 0), 100);
    admit(Limits.NONE, 0);
    Limits limits = new Limits(0, 50, 0);
    admit(limits, 40);

    admission.settle(0);

    assertThat(tokensLeft(limits).remaining()).isEqualTo(10);
  }

  @Test
  void forgetsIdleSubjectsButNoneThatRuns() {
    Limits limits = new Limits(0, 0, 1);
    limiter.admit("idle", limits).settle(0);
    Admission running = admit(limits, 0);
    clock.advance(Duration.ofMinutes(61));

    assertThat(limiter.subjects()).isEqualTo(1);
    assertThat(refused(limits, 0).kind()).isEqualTo(LimitKind.CONCURRENCY);
    running.settle(0);
    clock.advance(Duration.ofMinutes(59));
    assertThat(limiter.subjects()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(2));
    assertThat(limiter.subjects()).isZero();
  }

  @Test
  void admitsExactlyAsManyAsTheLimitFromManyThreads() throws Exception {
    assertThat(admittedOf(2000, new Limits(500, 0, 0), 7)).isEqualTo(500);
    assertThat(admittedOf(2000, new Limits(0, 700, 0), 7)).isEqualTo(100);
    assertThat(admittedOf(2000, new Limits(0, 0, 33), 7)).isEqualTo(33);
    assertThat(admittedOf(500, new Limits(500, 700, 99), 7)).isEqualTo(99);
  }

  private int admittedOf(int attempts, Limits limits, long tokens) throws Exception {
    MemoryRateLimiter fresh = new MemoryRateLimiter(clock);
    AtomicInteger admitted = new AtomicInteger();
    inParallel(
        attempts,
        () -> {
          try {
            fresh.admit("key_1", limits).reserve(tokens);
            admitted.incrementAndGet();
          } catch (RateLimitedException e) {
            assertThat(e.retryAfter()).isNotNull();
          }
          return null;
        });
    return admitted.get();
  }

  @Test
  void losesNothingWhenManyThreadsAdmitAndSettle() throws Exception {
    Limits limits = new Limits(0, 100_000, 16);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger used = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    SplittableRandom seeds = new SplittableRandom(7);
    List<SplittableRandom> randoms = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      randoms.add(seeds.split());
    }
    AtomicInteger next = new AtomicInteger();
    inParallel(
        randoms.size(),
        () -> {
          SplittableRandom random = randoms.get(next.getAndIncrement());
          try {
            Admission admission = admit(limits, random.nextInt(100));
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            running.decrementAndGet();
            int actual = random.nextInt(40);
            used.addAndGet(actual);
            admission.settle(actual);
            admission.settle(99);
          } catch (RateLimitedException e) {
            assertThat(e.kind()).isEqualTo(LimitKind.CONCURRENCY);
          }
          return null;
        });

    assertThat(most.get()).isLessThanOrEqualTo(16);
    assertThat(tokensLeft(limits).remaining()).isEqualTo(100_000 - used.get());
    for (int i = 0; i < 16; i++) {
      admit(limits, 0);
    }
    assertThat(refused(limits, 0).kind()).isEqualTo(LimitKind.CONCURRENCY);
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
