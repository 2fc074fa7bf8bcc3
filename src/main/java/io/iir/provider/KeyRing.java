package io.iir.provider;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider's keys, used in turn. One that is refused cools down alone; a provider's only key
 * never does, as there is none to use instead. Thread-safe, without locks.
 */
final class KeyRing {

  private final List<ProviderKey> keys;
  private final AtomicInteger turn = new AtomicInteger();

  KeyRing(List<ProviderKey> keys) {
    this.keys = keys;
  }

  List<ProviderKey> keys() {
    return keys;
  }

  /** Whether there is a choice. */
  boolean several() {
    return keys.size() > 1;
  }

  /**
   * The place of the next key that is neither cooled nor in the mask {@code tried}; -1: there is
   * none. 0 where the provider wants no key or has one.
   */
  int next(long tried, long now) {
    int size = keys.size();
    if (size < 2) {
      return tried == 0 ? 0 : -1;
    }
    int start = turn.getAndIncrement();
    for (int i = 0; i < size; i++) {
      int place = Math.floorMod(start + i, size);
      if ((tried & 1L << place) == 0 && !keys.get(place).isCooled(now)) {
        return place;
      }
    }
    return -1;
  }

  /** Whether there are several and all are cooled. */
  boolean allCooled(long now) {
    if (keys.size() < 2) {
      return false;
    }
    for (ProviderKey key : keys) {
      if (!key.isCooled(now)) {
        return false;
      }
    }
    return true;
  }

  /** How many are cooled. */
  int cooled(long now) {
    return (int) keys.stream().filter(key -> key.isCooled(now)).count();
  }

  /** In how many seconds the first of those that are cooled may be used again, at least 1. */
  long retrySeconds(long now) {
    long left =
        keys.stream()
            .filter(key -> key.isCooled(now))
            .mapToLong(key -> key.until() - now)
            .min()
            .orElse(0);
    return Math.max(1, (left + 999_999_999) / 1_000_000_000);
  }

  /** Whether all that are cooled were used too much: none was refused for itself. */
  boolean onlyLimited(long now) {
    return keys.stream().filter(key -> key.isCooled(now)).allMatch(key -> key.status() == 429);
  }
}
