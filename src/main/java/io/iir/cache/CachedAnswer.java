package io.iir.cache;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer.
 *
 * @param completion the answer as JSON, of a conversation a {@code chat.completion}; must not be
 *     changed
 * @param provider who gave it
 * @param model which model gave it, without its provider
 * @param keyId the key that asked for it
 * @param team that key's team; null: none
 * @param storedAt when
 * @param ttl how long it is kept from then on
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CachedAnswer(
    byte[] completion,
    String provider,
    String model,
    String keyId,
    @Nullable String team,
    Instant storedAt,
    Duration ttl) {

  /** About how much memory it takes, in bytes. */
  int weight() {
    int texts = provider.length() + model.length() + keyId.length();
    return completion.length + 2 * (texts + (team == null ? 0 : team.length())) + 250;
  }

  /** How old it is; zero where a clock of another machine is ahead of this one's. */
  public Duration age(Instant now) {
    Duration age = Duration.between(storedAt, now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** How long it is still kept; zero or less: no longer. */
  Duration left(Instant now) {
    return ttl.minus(age(now));
  }

  @Override
  public String toString() {
    return "answer of %s/%s, %d bytes".formatted(provider, model, completion.length);
  }
}
