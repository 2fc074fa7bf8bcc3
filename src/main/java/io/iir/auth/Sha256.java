package io.iir.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 (FIPS 180-4). Digests are copies of one: to look the algorithm up costs more than to hash
 * a key. Thread-safe.
 */
public final class Sha256 {

  private static final MessageDigest UNTOUCHED = lookUp();

  private Sha256() {}

  /** A digest that has seen nothing. */
  public static MessageDigest digest() {
    try {
      return (MessageDigest) UNTOUCHED.clone();
    } catch (CloneNotSupportedException e) {
      return lookUp(); // a provider's whose digests live in hardware
    }
  }

  private static MessageDigest lookUp() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
