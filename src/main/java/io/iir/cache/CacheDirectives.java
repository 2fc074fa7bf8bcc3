package io.iir.cache;

import io.iir.openai.ApiException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request's Cache-Control header asks for. Directives that mean nothing to a cache of this
 * kind are passed over, as the standard has it.
 *
 * @param lookUp whether an answer from the cache will do
 * @param store whether the answer may be kept
 * @param onlyIfCached whether nothing but an answer from the cache will do
 * @param maxAgeSeconds how old an answer may be, the least where several are given; Long.MAX_VALUE:
 *     any age; 0: none will do
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9111.html#section-5.2.1">RFC 9111, section
 *     5.2.1</a>
 */
public record CacheDirectives(
    boolean lookUp, boolean store, boolean onlyIfCached, long maxAgeSeconds) {

  /** What a number too large to represent counts as (RFC 9111, section 1.2.2). */
  private static final long OVERFLOW = 1L << 31;

  /** What holds where the request says nothing. */
  public static final CacheDirectives NONE = new CacheDirectives(true, true, false, Long.MAX_VALUE);

  /**
   * The directives of a header's value, which may be null.
   *
   * @throws ApiException 400 if {@code max-age} is not a number of seconds
   */
  public static CacheDirectives parse(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return NONE;
    }
    boolean lookUp = true;
    boolean store = true;
    boolean onlyIfCached = false;
    long maxAge = Long.MAX_VALUE;
    for (String part : header.split(",", -1)) {
      String directive = part.trim().toLowerCase(Locale.ROOT);
      if (directive.equals("no-cache")) {
        lookUp = false;
      } else if (directive.equals("no-store")) {
        lookUp = false;
        store = false;
      } else if (directive.equals("only-if-cached")) {
        onlyIfCached = true;
      } else if (directive.startsWith("max-age=")) {
        maxAge = Math.min(maxAge, seconds(directive.substring("max-age=".length())));
      }
    }
    return new CacheDirectives(lookUp && maxAge > 0, store, onlyIfCached, maxAge);
  }

  /** Whether the request speaks of caching at all, by setting an age or wanting nothing else. */
  public boolean asksForCache() {
    return onlyIfCached || maxAgeSeconds != Long.MAX_VALUE;
  }

  private static long seconds(String text) {
    String digits = text.replace("\"", "");
    boolean number = !digits.isEmpty() && digits.chars().allMatch(Character::isDigit);
    if (!number) {
      throw ApiException.invalidRequest(
          "Cache-Control: max-age takes a number of seconds, not '%s'".formatted(text),
          "Cache-Control");
    }
    return digits.length() > 10 ? OVERFLOW : Long.parseLong(digits);
  }
}
