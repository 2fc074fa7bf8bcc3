package io.iir.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The SHA-256 of a key's secret: all that is kept of it. Without salt or stretching, for the
 * secrets are random and as long as the hash.
 *
 * @param hex 64 lower-case hex digits
 */
public record KeyHash(String hex) {

  /** The hash of {@code secret}. */
  public static KeyHash of(String secret) {
    byte[] hash = Sha256.digest().digest(secret.getBytes(StandardCharsets.UTF_8));
    return new KeyHash(HexFormat.of().formatHex(hash));
  }

  /** Compares in a time that does not tell how much is equal. */
  public boolean matches(KeyHash other) {
    return MessageDigest.isEqual(
        hex.getBytes(StandardCharsets.US_ASCII), other.hex.getBytes(StandardCharsets.US_ASCII));
  }
}
