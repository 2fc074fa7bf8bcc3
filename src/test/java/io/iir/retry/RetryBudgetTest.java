package io.iir.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private final AtomicLong clock = new AtomicLong(5_000_000_000L);
  private final RetryBudget budget = new RetryBudget(0.2, clock::get);

  @Test
  void aFewAreThereFromTheBeginning() {
    assertThat(takeAll()).isEqualTo(RetryBudget.RESERVE);
  }

  @Test
  void oneInFiveCallsMayBeMadeOnceMore() {
    takeAll();
    for (int i = 0; i < 100; i++) {
      budget.called();
    }
    assertThat(takeAll()).isEqualTo(20);
  }

  @Test
  void aStormIsHeldToTheShare() {
    int retries = 0;
    for (int i = 0; i < 10_000; i++) {
      budget.called();
      retries += budget.take() ? 1 : 0;
      retries += budget.take() ? 1 : 0;
    }
    assertThat(retries).isEqualTo(2000 + RetryBudget.RESERVE);
  }

  @Test
  void goodTimesDoNotPayForALongStorm() {
    for (int i = 0; i < 1_000_000; i++) {
      budget.called();
    }
    assertThat(takeAll()).isEqualTo(100);
  }

  @Test
  void theReserveComesBackASecondAToken() {
    takeAll();
    pass(Duration.ofMillis(2500));
    assertThat(takeAll()).isEqualTo(2);
    pass(Duration.ofMillis(500));
    assertThat(takeAll()).as("half a second was left over").isEqualTo(1);
    pass(Duration.ofHours(1));
    assertThat(takeAll()).isEqualTo(RetryBudget.RESERVE);
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private int takeAll() {
    int taken = 0;
    while (budget.take()) {
      taken++;
    }
    return taken;
  }
}
