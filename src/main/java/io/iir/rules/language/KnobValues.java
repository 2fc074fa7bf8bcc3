package io.iir.rules.language;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the texts of knobs mean. */
public final class KnobValues {

  /** No longer may all attempts at one request take. */
  public static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

  /** No longer is an answer kept. */
  public static final Duration LONGEST_CACHE_TTL = Duration.ofDays(365);

  private static final Pattern DURATION = Pattern.compile("(\\d{1,7})(ms|s|m|h|d)");
  private static final Pattern TAG =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.-]{0,63})=([^,=\\p{Cntrl}]{1,256})");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  private KnobValues() {}

  /** {@code 500ms}, {@code 20s}, {@code 10m}, {@code 2h}, {@code 1d}; null if it is none. */
  public static @Nullable Duration duration(String text) {
    Matcher parts = DURATION.matcher(text.strip());
    if (!parts.matches()) {
      return null;
    }
    ChronoUnit unit = UNITS.get(parts.group(2));
    return unit == null ? null : Duration.of(Long.parseLong(parts.group(1)), unit);
  }

  /** {@code name=value, name=value} in its order; null if it is none, or names one twice. */
  public static @Nullable Map<String, String> tags(String text) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (String tag : text.split(",", -1)) {
      Matcher parts = TAG.matcher(tag.strip());
      if (!parts.matches() || tags.put(parts.group(1), parts.group(2).strip()) != null) {
        return null;
      }
    }
    return tags;
  }
}
