package io.iir.auth;

import org.jspecify.annotations.Nullable;

/**
 * The token of an {@code Authorization} header, {@code Bearer <token>}. Never shows it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750, section 2.1</a>
 */
public final class BearerToken {

  private static final String SCHEME = "Bearer ";

  private final String token;

  private BearerToken(String token) {
    this.token = token;
  }

  /** The token of {@code authorization}; null if there is no header or it has another form. */
  public static @Nullable BearerToken parse(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    int start = SCHEME.length();
    while (start < authorization.length() && authorization.charAt(start) == ' ') {
      start++;
    }
    String token = authorization.substring(start);
    return isToken68(token) ? new BearerToken(token) : null;
  }

  /** True if {@code text} can be sent as a bearer token: the characters of {@code b64token}. */
  static boolean isToken68(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (!KeySecret.isAlphanumeric(c) && "-._~+/".indexOf(c) < 0) {
        return false;
      }
    }
    return end > 0;
  }

  /** True if this gateway may have issued it. */
  boolean hasKeyForm() {
    return KeySecret.hasForm(token);
  }

  /** Its SHA-256. */
  public KeyHash hash() {
    return KeyHash.of(token);
  }

  @Override
  public String toString() {
    return "BearerToken[hidden]";
  }
}
