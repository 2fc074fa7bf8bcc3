package io.iir.retry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Retry-After}: seconds, or a date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-retry-after">RFC 9110, 10.2.3</a>
 */
public final class RetryAfter {

  /** A wait longer than this is none that a request could take. */
  private static final long MOST_SECONDS = Duration.ofDays(1).toSeconds();

  private RetryAfter() {}

  /**
   * How long to wait from {@code now} on; not negative, a day at most. Null: the header is missing
   * or says nothing that is understood. Fractions of a second, which some providers send, count.
   */
  public static @Nullable Duration parse(@Nullable String value, Instant now) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String text = value.strip();
    try {
      if (Character.isDigit(text.charAt(0))) {
        double seconds = Math.min(Double.parseDouble(text), (double) MOST_SECONDS);
        return Duration.ofMillis((long) Math.ceil(seconds * 1000));
      }
      Instant when = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, when);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (NumberFormatException | DateTimeException e) {
      return null;
    }
  }
}
