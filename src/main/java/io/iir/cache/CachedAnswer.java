package io.iir.cache;

import java.time.Instant;

/**
 * A complete answer.
 *
 * @param completion the {@code chat.completion} as JSON; must not be changed
 * @param provider who gave it
 * @param model which model gave it, without its provider
 * @param storedAt when
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CachedAnswer(byte[] completion, String provider, String model, Instant storedAt) {

  /** About how much memory it takes, in bytes. */
  int weight() {
    return completion.length + 2 * (provider.length() + model.length()) + 200;
  }

  @Override
  public String toString() {
    return "answer of %s/%s, %d bytes".formatted(provider, model, completion.length);
  }
}
