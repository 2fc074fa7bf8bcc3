package io.iir.throttle;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How long a budget lasts; days and months are the calendar's, in UTC. */
public enum Period {
  /** From midnight to midnight. */
  DAY(" a day"),
  /** From the first of a month to the next. */
  MONTH(" a month"),
  /** For ever. */
  TOTAL("");

  private final String behindAmount;

  Period(String behindAmount) {
    this.behindAmount = behindAmount;
  }

  /** What follows an amount a period: {@code " a month"}; nothing where it is for ever. */
  String behindAmount() {
    return behindAmount;
  }

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The period of that {@link #word}. */
  public static Period of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Its name in lower case: {@code day}, {@code month}, {@code total}. */
  public String word() {
    return word;
  }

  /** When the period that {@code now} lies in began. */
  public Instant start(Instant now) {
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return switch (this) {
      case DAY -> midnight(day);
      case MONTH -> midnight(day.withDayOfMonth(1));
      case TOTAL -> Instant.EPOCH;
    };
  }

  /** When it ends; null: never. */
  public @Nullable Instant end(Instant now) {
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return switch (this) {
      case DAY -> midnight(day.plusDays(1));
      case MONTH -> midnight(day.withDayOfMonth(1).plusMonths(1));
      case TOTAL -> null;
    };
  }

  private static Instant midnight(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
