package io.iir.auth;

import io.iir.config.StartException;
import java.security.SecureRandom;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How the administrator gets in: by the configured key, or by one that is generated at the first
 * start and kept as a hash in the table {@code settings}.
 */
public record AdminAccess(AdminKey key, FirstStart firstStart) {

  private static final String SETTING = "admin_key_sha256";
  private static final int SHORTEST = 16;

  /**
   * Sets the access up when the gateway starts.
   *
   * @param configured the operator's choice ({@code IIR_ADMIN_KEY}); blank for none
   * @throws StartException if the configured key is too short or cannot be sent in a header
   */
  public static AdminAccess open(String configured, JdbcClient store, SecureRandom random) {
    String secret = configured.strip();
    if (!secret.isEmpty()) {
      return new AdminAccess(configured(secret), new FirstStart(null));
    }
    String generated = KeySecret.generate(random);
    KeyHash hash = KeyHash.of(generated);
    store
        .sql("insert into settings (name, value) values (?, ?) on conflict (name) do nothing")
        .params(SETTING, hash.hex())
        .update();
    KeyHash kept =
        new KeyHash(
            store
                .sql("select value from settings where name = ?")
                .param(SETTING)
                .query(String.class)
                .single());
    return new AdminAccess(
        new AdminKey(kept), new FirstStart(kept.matches(hash) ? generated : null));
  }

  private static AdminKey configured(String secret) {
    if (secret.length() < SHORTEST) {
      throw new StartException(
          "IIR_ADMIN_KEY has %d characters; an administrator's key needs at least %d."
              .formatted(secret.length(), SHORTEST),
          "Set a longer one, such as the output of 'openssl rand -hex 32', or unset it to have one"
              + " generated.",
          null);
    }
    if (!BearerToken.isToken68(secret)) {
      throw new StartException(
          "IIR_ADMIN_KEY has characters that an Authorization header cannot carry.",
          "Use letters, digits and - . _ ~ + / only.",
          null);
    }
    return new AdminKey(KeyHash.of(secret));
  }
}
