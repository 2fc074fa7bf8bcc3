package io.iir.idempotency;

import org.jspecify.annotations.Nullable;

/**
 * A request that the database knows.
 *
 * @param run who answers it, or did
 * @param fingerprint of the request
 * @param state {@code running}, {@code done} or {@code too_long}
 * @param beat grows as long as it is running and its gateway lives
 * @param expiresAt when it may be forgotten, in milliseconds since 1970
 * @param answer where it is done
 */
record StoredRequest(
    RunId run,
    String fingerprint,
    String state,
    long beat,
    long expiresAt,
    @Nullable KeptAnswer answer)
    implements Look {

  static final String RUNNING = "running";
  static final String DONE = "done";
  static final String TOO_LONG = "too_long";

  boolean isRunning() {
    return state.equals(RUNNING);
  }

  /** Whether {@code later} tells of the same attempt, and that nothing has happened since. */
  boolean isStill(StoredRequest later) {
    return later.isRunning() && run.equals(later.run) && beat == later.beat;
  }
}
