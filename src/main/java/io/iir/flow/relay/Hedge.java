package io.iir.flow.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whom else {@code relay:} asks where a call has not begun to answer in time. Told on the event
 * loop of the client's connection what becomes of the two calls.
 */
public interface Hedge {

  /** Of two calls, the one that was made first or the one beside it. */
  enum Side {
    /** The call that the exchange makes. */
    FIRST,
    /** The call beside it. */
    SECOND
  }

  /**
   * The call beside the first.
   *
   * @param body what is sent
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier for one call, never compared
  record Second(RelayCall call, byte[] body) {}

  /** How long the first call may take to begin its answer. */
  Duration after();

  /** The time is over: whom to ask besides; null: nobody. */
  @Nullable Second second();

  /** The call on {@code side} has failed, and the other still runs. */
  void failed(Side side, String reason);

  /** What the exchange gets comes from the call on {@code side}; the other is given up. */
  void decided(Side side);
}
