package io.iir.auth;

import io.iir.provider.ModelPattern;
import io.iir.throttle.LimitOverrides;
import java.util.List;
import java.util.Map;

/** The administrator's key, known by its hash alone. It may call all models too. */
public final class AdminKey {

  /** The key's id. */
  public static final String ID = "key_admin";

  /** Who the administrator is. */
  public static final ApiKey KEY =
      new ApiKey(
          ID,
          "admin",
          null,
          List.of(ModelPattern.ALL),
          LimitOverrides.NONE,
          Map.of(),
          null,
          Role.ADMIN);

  private final KeyHash hash;

  /** The key whose secret has {@code hash}. */
  public AdminKey(KeyHash hash) {
    this.hash = hash;
  }

  /** Who the administrator is. */
  public ApiKey key() {
    return KEY;
  }

  /** True if {@code candidate} is the hash of the administrator's secret; in constant time. */
  public boolean matches(KeyHash candidate) {
    return hash.matches(candidate);
  }
}
