package io.iir.provider;

/**
 * The ways in which one attempt at a model has called it so far. Immutable.
 *
 * @param calls how many calls that were
 * @param endpoints a mask of the endpoints
 * @param keys a mask of the keys
 * @param forbidden whether a call was answered 403
 */
record Tried(int calls, long endpoints, long keys, boolean forbidden) {

  /**
   * After its first call one attempt makes so many more, at other endpoints or with other keys: a
   * request that all of them fail must not cost a large fleet as many calls as it has replicas.
   */
  static final int MOST_MORE = 3;

  /** Nothing yet. */
  static final Tried NOTHING = new Tried(0, 0, 0, false);

  /** And a call at {@code endpoint} with {@code key}. */
  Tried with(int endpoint, int key) {
    return new Tried(calls + 1, endpoints | 1L << endpoint, keys | 1L << key, forbidden);
  }

  /** And a call that was answered with {@code status}. */
  Tried answered(int status) {
    return new Tried(calls, endpoints, keys, forbidden || status == 403);
  }

  /** Whether those were enough. */
  boolean enough() {
    return calls > MOST_MORE;
  }
}
