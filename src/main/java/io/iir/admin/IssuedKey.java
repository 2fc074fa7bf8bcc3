package io.iir.admin;

import io.iir.auth.ApiKey;
import io.iir.auth.KeyHash;
import io.iir.auth.KeySecret;
import io.iir.auth.StoredKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A new key and its secret, on the way to the one answer that shows it. */
record IssuedKey(StoredKey stored, String secret) {

  private static final int ID_LENGTH = 22;

  /** Makes the key that {@code document} describes. */
  static IssuedKey issue(ApiKeyDocument document, Instant now, SecureRandom random) {
    ApiKey key = document.create("key_" + KeySecret.base62(random, ID_LENGTH), now);
    String secret = KeySecret.generate(random);
    return new IssuedKey(
        new StoredKey(
            key, KeyHash.of(secret), KeySecret.prefix(secret), now.truncatedTo(ChronoUnit.MILLIS)),
        secret);
  }

  @Override
  public String toString() {
    return "IssuedKey[" + stored.key().id() + "]";
  }
}
