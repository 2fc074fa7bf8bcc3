package io.iir.throttle.shared;

import io.iir.throttle.Budget;
import io.iir.throttle.Period;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** When the current periods of budgets began and when they end. Thread-safe. */
final class Periods {

  private final InstantSource clock;
  private final AtomicReferenceArray<@Nullable Span> current =
      new AtomicReferenceArray<>(Period.values().length);

  Periods(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * One period.
   *
   * @param start in seconds of the epoch
   * @param end in milliseconds of the epoch; 0: never
   */
  record Span(long start, long end) {

    /** Where there is no budget. */
    static final Span NONE = new Span(0, 0);

    boolean covers(long millis) {
      return end == 0 || (millis < end && millis >= start * 1000);
    }
  }

  /** The period of {@code budget} now. */
  Span of(@Nullable Budget budget) {
    return budget == null ? Span.NONE : of(budget.period());
  }

  /** When this day began, in seconds of the epoch. */
  long day() {
    return of(Period.DAY).start();
  }

  @SuppressWarnings("EnumOrdinal") // a place in an array, which nobody else sees
  private Span of(Period period) {
    int index = period.ordinal();
    long now = clock.millis();
    Span known = current.get(index);
    if (known == null || !known.covers(now)) {
      Instant instant = Instant.ofEpochMilli(now);
      Instant end = period.end(instant);
      known =
          new Span(period.start(instant).getEpochSecond(), end == null ? 0 : end.toEpochMilli());
      current.set(index, known);
    }
    return known;
  }
}
