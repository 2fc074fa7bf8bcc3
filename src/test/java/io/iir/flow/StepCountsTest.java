package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StepCountsTest {

  private final StepCounts counts = new StepCounts();

  private static long ms(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void hasNothingToTellAtFirst() {
    assertThat(counts.leastMillis()).isZero();
    assertThat(counts.mostMillis()).isZero();
    assertThat(counts.meanMillis()).isZero();
    assertThat(counts.created()).isZero();
    assertThat(counts.lastCompleted()).isZero();
    assertThat(counts.idleMillis()).isEqualTo(-1);
  }

  @Test
  void tellsOfThoseThatEnded() {
    long now = System.nanoTime();
    counts.began(now);
    counts.began(now);
    counts.began(now);
    assertThat(counts.inflight()).isEqualTo(3);
    counts.completed(now, ms(30), false);
    counts.completed(now, ms(10), true);
    counts.failed(now);
    assertThat(counts.inflight()).isZero();
    assertThat(counts.completed()).isEqualTo(2);
    assertThat(counts.failed()).isEqualTo(1);
    assertThat(counts.handled()).isEqualTo(1);
    assertThat(counts.leastMillis()).isEqualTo(10);
    assertThat(counts.mostMillis()).isEqualTo(30);
    assertThat(counts.meanMillis()).isEqualTo(20);
    assertThat(counts.totalMillis()).isEqualTo(40);
    assertThat(counts.lastMillis()).isEqualTo(10);
    assertThat(counts.deltaMillis()).isEqualTo(-20);
  }

  @Test
  void knowsWhenThatWas() {
    long now = System.nanoTime();
    counts.began(now - ms(90_000));
    counts.completed(now - ms(60_000), ms(1), false);
    counts.began(now - ms(60_000));
    counts.completed(now - ms(30_000), ms(1), false);
    long ago = System.currentTimeMillis() - counts.firstCompleted();
    assertThat(ago).isGreaterThanOrEqualTo(59_998);
    assertThat(counts.created())
        .isBetween(counts.firstCompleted() - 5, counts.firstCompleted() + 5);
    assertThat(counts.lastCompleted() - counts.firstCompleted()).isBetween(29_990L, 30_010L);
    assertThat(counts.idleMillis()).isGreaterThanOrEqualTo(29_998);
  }

  @Test
  void forgetsAllButWhatIsInFlight() {
    long now = System.nanoTime();
    counts.began(now);
    counts.began(now);
    counts.completed(now, ms(5), true);
    counts.reset();
    assertThat(counts.inflight()).isEqualTo(1);
    assertThat(counts.completed()).isZero();
    assertThat(counts.handled()).isZero();
    assertThat(counts.mostMillis()).isZero();
    assertThat(counts.firstCompleted()).isZero();
  }
}
