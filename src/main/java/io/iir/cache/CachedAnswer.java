package io.iir.cache;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer.
 *
 * @param completion the {@code chat.completion} as JSON; must not be changed
 * @param provider who gave it
 * @param model which model gave it, without its provider
 * @param storedAt when
 * @param ttl how long it is kept; null: as long as any
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CachedAnswer(
    byte[] completion, String provider, String model, Instant storedAt, @Nullable Duration ttl) {

  /** About how much memory it takes, in bytes. */
  int weight() {
    return completion.length + 2 * (provider.length() + model.length()) + 200;
  }

  @Override
  public String toString() {
    return "answer of %s/%s, %d bytes".formatted(provider, model, completion.length);
  }
}
