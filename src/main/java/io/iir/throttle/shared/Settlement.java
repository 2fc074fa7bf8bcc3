package io.iir.throttle.shared;

/**
 * The end of a {@link Grant}, to be told to Redis. Immutable.
 *
 * @param grant what ends
 * @param parts what of it is not used and what was used beyond, for each of its holdings
 * @param isCalledOff whether Redis may not have made the grant, and is not to make it later
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Settlement(Grant grant, Part[] parts, boolean isCalledOff) {

  /**
   * What becomes of a holding.
   *
   * @param requests not used
   * @param tokens not used
   * @param charge tokens used beyond what was held
   * @param cost in billionths of a USD
   */
  record Part(long requests, long tokens, long charge, long cost) {}

  /** The end of a grant of which nothing was used. */
  static Settlement callOff(Grant grant) {
    Part[] parts = new Part[grant.holdings.size()];
    for (int i = 0; i < parts.length; i++) {
      Holding holding = grant.holdings.get(i);
      parts[i] = new Part(holding.requests(), holding.windowTokens(), 0, 0);
    }
    return new Settlement(grant, parts, true);
  }

  /** Whether Redis may not know the budget yet that this costs something of. */
  boolean isNews(Generation generation) {
    for (int i = 0; i < parts.length; i++) {
      Holding holding = grant.holdings.get(i);
      if (parts[i].cost() > 0
          && holding.quota().budget() != null
          && !holding.subject().isKnown(generation, holding.span().start(), System.nanoTime())) {
        return true;
      }
    }
    return false;
  }

  byte[][] keys(Generation generation) {
    Words keys = new Words(3 + 6 * parts.length);
    keys.add(Generation.KEY).add(generation.grants).add(generation.calledOff);
    for (Holding holding : grant.holdings) {
      holding.subject().keys(generation, holding.span().start(), keys);
      holding.subject().costKeys(generation, holding.day(), keys);
    }
    return keys.all();
  }

  byte[][] words(Generation generation, byte[] replica) {
    Words words = new Words(4 + 6 * parts.length);
    words.add(generation.nameWord).add(replica).add(grant.name).add(isCalledOff ? 1 : 0);
    for (int i = 0; i < parts.length; i++) {
      Holding holding = grant.holdings.get(i);
      Part part = parts[i];
      words.add(part.requests()).add(part.tokens()).add(part.charge());
      words.add(holding.places()).add(holding.reserved()).add(part.cost());
    }
    return words.all();
  }
}
