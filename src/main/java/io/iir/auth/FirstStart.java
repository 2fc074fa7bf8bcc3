package io.iir.auth;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What only the first start has to say: the administrator's generated secret, once. */
public final class FirstStart {

  private final AtomicReference<@Nullable String> secret;

  FirstStart(@Nullable String secret) {
    this.secret = new AtomicReference<>(secret);
  }

  /** The secret, to be shown to the operator; null if there is none to show or it was taken. */
  public @Nullable String takeAdminKey() {
    return secret.getAndSet(null);
  }
}
