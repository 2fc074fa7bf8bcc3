package io.iir.auth;

import java.security.SecureRandom;

/**
 * The form of the secrets that this gateway issues: {@code sk-iir-} and 43 base-62 characters, 256
 * bits. Pure functions.
 */
public final class KeySecret {

  private static final String LEAD = "sk-iir-";
  private static final int RANDOM_LENGTH = 43;
  private static final int SHOWN = LEAD.length() + 4;
  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private KeySecret() {}

  /** A new secret. */
  public static String generate(SecureRandom random) {
    return LEAD + base62(random, RANDOM_LENGTH);
  }

  /** {@code length} random base-62 characters. */
  public static String base62(SecureRandom random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(BASE62.charAt(random.nextInt(BASE62.length())));
    }
    return text.toString();
  }

  /** The beginning of {@code secret}, by which a person recognises it. */
  public static String prefix(String secret) {
    return secret.substring(0, SHOWN) + "…";
  }

  /** True if {@code text} may be a secret that this gateway issued. */
  static boolean hasForm(String text) {
    if (text.length() != LEAD.length() + RANDOM_LENGTH || !text.startsWith(LEAD)) {
      return false;
    }
    for (int i = LEAD.length(); i < text.length(); i++) {
      if (!isAlphanumeric(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
