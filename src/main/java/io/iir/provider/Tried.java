package io.iir.provider;

/**
 * The ways in which one attempt at a model has called it so far. Immutable.
 *
 * @param endpoints a mask of the endpoints
 * @param keys a mask of the keys
 * @param forbidden whether a call was answered 403
 */
record Tried(long endpoints, long keys, boolean forbidden) {

  /** Nothing yet. */
  static final Tried NOTHING = new Tried(0, 0, false);

  /** And a call at {@code endpoint} with {@code key}. */
  Tried with(int endpoint, int key) {
    return new Tried(endpoints | 1L << endpoint, keys | 1L << key, forbidden);
  }

  /** And a call that was answered with {@code status}. */
  Tried answered(int status) {
    return new Tried(endpoints, keys, forbidden || status == 403);
  }
}
