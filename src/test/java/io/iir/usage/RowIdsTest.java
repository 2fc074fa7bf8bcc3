package io.iir.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RowIdsTest {

  private static final long MIDSUMMER = 1_782_000_000_000L;

  /** A clock that goes where it is told to, also back. */
  private static final class Hands extends Clock {

    private long now = MIDSUMMER;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(now);
    }
  }

  @Property(tries = 200)
  void idsGrowWhateverTheClockDoes(
      @ForAll @Size(max = 300) List<@LongRange(min = -5_000, max = 5_000) Long> steps,
      @ForAll long node) {
    Hands clock = new Hands();
    RowIds ids = new RowIds(clock, node);
    long last = ids.next();
    for (long step : steps) {
      clock.now += step;
      long next = ids.next();
      assertThat(next).isGreaterThan(last);
      assertThat(RowIds.millis(next)).isGreaterThanOrEqualTo(clock.now);
      last = next;
    }
  }

  @Test
  void anIdTellsWhenItWasMade() {
    Hands clock = new Hands();
    long id = new RowIds(clock, -1).next();
    assertThat(RowIds.millis(id)).isEqualTo(MIDSUMMER);
    assertThat(id).isBetween(RowIds.least(MIDSUMMER), RowIds.least(MIDSUMMER + 1) - 1);
    assertThat(RowIds.least(0)).isZero();
  }

  @Test
  void noTwoThreadsGetTheSame() {
    RowIds ids = new RowIds(new Hands(), 3); // the clock stands: the next milliseconds are used
    Set<Long> all = ConcurrentHashMap.newKeySet();
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        many.execute(() -> {
          for (int j = 0; j < 1_000; j++) {
            all.add(ids.next());
          }
        });
      }
    }
    assertThat(all).hasSize(20_000);
  }
}
