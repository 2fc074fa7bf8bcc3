package io.iir.flow;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Ids of requests: the client's own if it is harmless, else a random one. */
public final class RequestIds {

  /** The header that carries one, both ways. */
  public static final String HEADER = "x-request-id";

  private static final int MOST = 128;

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
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "req_" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
  }
}
