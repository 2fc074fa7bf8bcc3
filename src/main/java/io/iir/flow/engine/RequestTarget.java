package io.iir.flow.engine;

import org.jspecify.annotations.Nullable;

/**
 * The target of a request: a path and perhaps a query. Proxies may also be sent {@code
 * http://host/path}, which every server must take as {@code /path}. Stateless.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2">RFC 9112, section 3.2</a>
 */
final class RequestTarget {

  private static final String PATH_SIGNS = "/-._~!$&'()*+,;=:@";

  private RequestTarget() {}

  /** {@code target} as path and query, whose URI scheme is {@code scheme}; null if it is none. */
  static @Nullable String originForm(String target, String scheme) {
    if (target.startsWith("/")) {
      return isPath(target) ? target : null;
    }
    String prefix = scheme + "://";
    if (!target.regionMatches(true, 0, prefix, 0, prefix.length())) {
      return null;
    }
    int start = prefix.length();
    while (start < target.length() && target.charAt(start) != '/' && target.charAt(start) != '?') {
      start++;
    }
    if (start == prefix.length()) {
      return null;
    }
    String rest = target.substring(start);
    String path = rest.startsWith("/") ? rest : "/" + rest;
    return isPath(path) ? path : null;
  }

  /** Whether all up to the query is what a path may consist of, escapes included (RFC 3986). */
  private static boolean isPath(String target) {
    for (int i = 0; i < target.length() && target.charAt(i) != '?'; i++) {
      char c = target.charAt(i);
      if (c == '%') {
        if (!isHex(target, i + 1) || !isHex(target, i + 2)) {
          return false;
        }
      } else if (!isLetterOrDigit(c) && PATH_SIGNS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isHex(String text, int at) {
    return at < text.length() && text.charAt(at) < 128 && Character.digit(text.charAt(at), 16) >= 0;
  }
}
