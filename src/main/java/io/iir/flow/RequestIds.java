package io.iir.flow;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ids of requests: the client's own if it is harmless, else a new one, which begins with the time
 * and is random behind it, as a UUID of version 7 does (RFC 9562, section 5.7): rows that are
 * written one after the other then lie side by side in the ledger's index, instead of each on a
 * page of its own.
 */
public final class RequestIds {

  /** The header that carries one, both ways. */
  public static final String HEADER = "x-request-id";

  private static final int MOST = 128;

  /** 48 bits of milliseconds. */
  private static final int TIME_DIGITS = 12;

  private static final HexFormat HEX = HexFormat.of();

  private RequestIds() {}

  /** {@code offered}, a header's value, if it may be an id; else a new one. */
  public static String accept(@Nullable Object offered) {
    return offered instanceof String text && sane(text) ? text : create();
  }

  /** At most 128 letters, digits, dots, dashes and underscores: safe in logs and headers. */
  private static boolean sane(String text) {
    if (text.isEmpty() || text.length() > MOST) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '.';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  private static String create() {
    return "req_"
        + HEX.toHexDigits(System.currentTimeMillis(), TIME_DIGITS)
        + HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
