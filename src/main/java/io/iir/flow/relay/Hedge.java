package io.iir.flow.relay;

import io.iir.backend.UpstreamException;
import io.netty.handler.codec.http.HttpHeaders;
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

  /**
   * The call on {@code side} is refused with a {@code status} of 400 or more, and the other still
   * runs.
   *
   * @return whether the exchange gets that; else the other is waited for
   */
  boolean refused(Side side, int status, HttpHeaders headers, byte[] body);

  /** The call on {@code side} has failed, and the other still runs, which is waited for. */
  void failed(Side side, UpstreamException failure);

  /**
   * What the exchange gets comes from the call on {@code side}; the other is given up.
   *
   * @param mayCost whether the other may have to be paid for, if it had not failed before
   */
  void decided(Side side, boolean mayCost);
}
