package io.iir.throttle;

import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The {@code x-ratelimit-*} headers of an answer. Pure functions.
 *
 * @see <a href="https://platform.openai.com/docs/guides/rate-limits">OpenAI: rate limits in
 *     headers</a>
 */
public final class RateLimitHeaders {

  private static final Names REQUESTS = Names.of("requests");
  private static final Names TOKENS = Names.of("tokens");

  private RateLimitHeaders() {}

  /** Hands each header that applies to {@code out}, name then value; none where no limit is. */
  public static void write(
      RateLimitSnapshot snapshot, BiConsumer<? super AsciiString, ? super String> out) {
    REQUESTS.write(snapshot.requests(), out);
    TOKENS.write(snapshot.tokens(), out);
  }

  /** The names of the headers of one kind of limit, made once. */
  private record Names(AsciiString limit, AsciiString remaining, AsciiString reset) {

    static Names of(String kind) {
      return new Names(
          AsciiString.cached("x-ratelimit-limit-" + kind),
          AsciiString.cached("x-ratelimit-remaining-" + kind),
          AsciiString.cached("x-ratelimit-reset-" + kind));
    }

    void write(
        RateLimitSnapshot.@Nullable Level level,
        BiConsumer<? super AsciiString, ? super String> out) {
      if (level != null) {
        out.accept(limit, Long.toString(level.limit()));
        out.accept(remaining, Long.toString(level.remaining()));
        out.accept(reset, format(level.reset()));
      }
    }
  }

  /**
   * A duration in the form of OpenAI's headers, rounded up to a millisecond: {@code 120ms}, {@code
   * 1s}, {@code 8.64s}, {@code 6m0s}, {@code 1h0m0s}.
   */
  public static String format(Duration duration) {
    long millis = duration.plusNanos(999_999).toMillis();
    if (millis > 0 && millis < 1000) {
      return millis + "ms";
    }
    long minutes = millis / 60_000;
    StringBuilder text = new StringBuilder(12);
    if (minutes >= 60) {
      text.append(minutes / 60).append('h');
    }
    if (minutes > 0) {
      text.append(minutes % 60).append('m');
    }
    text.append(millis % 60_000 / 1000);
    long fraction = millis % 1000;
    if (fraction != 0) {
      text.append('.');
      for (long digit = 100; fraction > 0; digit /= 10) {
        text.append((char) ('0' + fraction / digit));
        fraction %= digit;
      }
    }
    return text.append('s').toString();
  }
}
