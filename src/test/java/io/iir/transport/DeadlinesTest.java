package io.iir.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

  private final EventLoops loops = new EventLoops(1);
  private final Deadlines deadlines = loops.all().getFirst();

  /** Expires once it is due, and counts how often. */
  private static final class Alarm implements Deadlines.Timed {

    private final AtomicInteger rung = new AtomicInteger();
    private volatile long due;

    Alarm(long due) {
      this.due = due;
    }

    @Override
    public long deadlineNanos() {
      return due;
    }

    @Override
    public void expire() {
      rung.incrementAndGet();
      due = Long.MAX_VALUE;
    }
  }

  @AfterEach
  void stop() {
    loops.close();
  }

  @Test
  void whatIsDueExpiresOnce() {
    Alarm due = watch(new Alarm(System.nanoTime()));
    Alarm never = watch(new Alarm(Long.MAX_VALUE));
    Alarm later = watch(new Alarm(System.nanoTime() + Duration.ofHours(1).toNanos()));
    await().until(() -> due.rung.get() == 1);
    Alarm second = watch(new Alarm(System.nanoTime()));
    await().until(() -> second.rung.get() == 1);
    assertThat(due.rung).hasValue(1);
    assertThat(never.rung).hasValue(0);
    assertThat(later.rung).hasValue(0);
  }

  @Test
  void whatIsForgottenDoesNotExpire() {
    Alarm forgotten = new Alarm(System.nanoTime());
    loops
        .any()
        .execute(() -> {
          deadlines.watch(forgotten);
          deadlines.forget(forgotten);
        });
    Alarm due = watch(new Alarm(System.nanoTime()));
    await().until(() -> due.rung.get() == 1);
    assertThat(forgotten.rung).hasValue(0);
  }

  @Test
  void oneThatFailsDoesNotHoldUpTheOthers() {
    Deadlines.Timed broken =
        new Deadlines.Timed() {
          private boolean failed;

          @Override
          public long deadlineNanos() {
            return failed ? Long.MAX_VALUE : 0;
          }

          @Override
          public void expire() {
            failed = true;
            throw new IllegalStateException("a test's own failure");
          }
        };
    loops.any().execute(() -> deadlines.watch(broken));
    Alarm due = watch(new Alarm(System.nanoTime()));
    await().until(() -> due.rung.get() == 1);
  }

  @Test
  void theLagIsHowLongTheLoopWasBusy() {
    loops
        .any()
        .execute(() -> {
          long until = System.nanoTime() + Duration.ofMillis(300).toNanos();
          while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
          }
        });
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> deadlines.lagNanos() > Duration.ofMillis(100).toNanos());
  }

  private Alarm watch(Alarm alarm) {
    loops.any().execute(() -> deadlines.watch(alarm));
    return alarm;
  }
}
