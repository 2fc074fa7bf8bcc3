package io.iir.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

class WindowTest {

  private static final long START = 1_700_000_000_123L;

  /** After {@code pause} milliseconds {@code amount} is asked for; some of it is given back. */
  record Step(long pause, long amount, long givenBack) {}

  /** What a window that keeps everything has of one step. */
  private record Taken(long millis, long amount, long givenBack) {

    long kept() {
      return amount - givenBack;
    }

    boolean countsAt(long now) {
      return now < (Math.floorDiv(millis, 1000L) + 61) * 1000;
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> pauses =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.longs().between(0, 3_000)),
            Tuple.of(1, Arbitraries.longs().between(0, 70_000)),
            Tuple.of(1, Arbitraries.of(999L, 1000L, 59_999L, 60_000L, 61_000L)));
    return Combinators.combine(
            pauses, Arbitraries.longs().between(1, 12), Arbitraries.longs().between(0, 4))
        .as((pause, amount, back) -> new Step(pause, amount, Math.min(amount, back)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(120);
  }

  @Property(tries = 500)
  void inNoSixtySecondsMorePassesThanTheLimit(
      @ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 12, max = 60) int limit) {
    Window window = new Window();
    List<Taken> passed = new ArrayList<>();
    long now = START;
    for (Step step : steps) {
      now += step.pause();
      window.moveTo(now);
      if (window.waitFor(step.amount(), limit, now) == 0) {
        long slot = window.take(step.amount());
        window.giveBack(step.givenBack(), slot);
        passed.add(new Taken(now, step.amount(), step.givenBack()));
      }
    }
    for (Taken last : passed) {
      long within =
          passed.stream()
              .filter(each -> each.millis() <= last.millis())
              .filter(each -> each.millis() > last.millis() - 60_000)
              .mapToLong(Taken::kept)
              .sum();
      assertThat(within).isLessThanOrEqualTo(limit);
    }
  }

  @Property(tries = 500)
  void isWhatAWindowThatKeepsEverythingSays(
      @ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 12, max = 60) int limit) {
    Window window = new Window();
    List<Taken> all = new ArrayList<>();
    long now = START;
    for (Step step : steps) {
      now += step.pause();
      window.moveTo(now);
      assertThat(window.sum()).isEqualTo(sum(all, now));
      long wait = window.waitFor(step.amount(), limit, now);
      assertThat(sum(all, now + wait) + step.amount()).isLessThanOrEqualTo(limit);
      if (wait > 0) {
        assertThat(sum(all, now + wait - 1) + step.amount()).isGreaterThan(limit);
      }
      long reset = window.emptyIn(now);
      assertThat(sum(all, now + reset)).isZero();
      if (reset > 0) {
        assertThat(sum(all, now + reset - 1)).isPositive();
      }
      if (wait == 0 || step.pause() % 2 == 0) { // every other one goes into debt
        long slot = window.take(step.amount());
        window.giveBack(step.givenBack(), slot);
        all.add(new Taken(now, step.amount(), step.givenBack()));
      }
    }
  }

  private static long sum(List<Taken> all, long now) {
    return all.stream().filter(each -> each.countsAt(now)).mapToLong(Taken::kept).sum();
  }

  @Example
  void givesNothingBackToASecondThatIsOver() {
    Window window = new Window();
    window.moveTo(START);
    long slot = window.take(10);
    window.moveTo(START + 61_000);
    window.take(5);

    window.giveBack(10, slot);

    assertThat(window.sum()).isEqualTo(5);
  }

  @Example
  void doesNotGoBackInTime() {
    Window window = new Window();
    window.moveTo(START);
    window.take(1);
    window.moveTo(START - 120_000);

    assertThat(window.sum()).isEqualTo(1);
  }

  @Example
  void countsNoMoreThanItCanAddUp() {
    Window window = new Window();
    window.moveTo(START);
    for (int i = 0; i < 1000; i++) {
      window.take(Long.MAX_VALUE);
    }

    assertThat(window.sum()).isPositive();
    assertThat(window.waitFor(1, 100, START)).isPositive();
  }

  @Example
  void drainsWhatWasUsedSinceTheLastTimeOldestFirst() {
    Window window = new Window();
    window.moveTo(START);
    long first = window.take(3);
    window.moveTo(START + 2000);
    window.take(4);
    List<Long> drained = new ArrayList<>();
    Window.Sink sink =
        (second, amount) -> {
          drained.add(second);
          drained.add(amount);
        };
    window.drain(sink);
    window.giveBack(1, first);
    window.drain(sink);
    window.drain(sink);

    long second = START / 1000;
    assertThat(drained).containsExactly(second, 3L, second + 2, 4L, second, -1L);
    assertThat(window.sum()).isEqualTo(6);
  }
}
