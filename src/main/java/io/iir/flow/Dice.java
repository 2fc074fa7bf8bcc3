package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.openai.ModelRequest;

/** A number from 0 to 99 that is always the same for the same end user of the same key. */
final class Dice {

  private Dice() {}

  /** The number for the one who sends {@code request} with {@code key}. */
  static int of(ApiKey key, ModelRequest request) {
    int hash = 31 * key.id().hashCode() + request.userHash();
    // The finisher of MurmurHash3: similar names of users get numbers that are not.
    hash ^= hash >>> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >>> 13;
    hash *= 0xc2b2ae35;
    hash ^= hash >>> 16;
    return Math.floorMod(hash, 100);
  }
}
