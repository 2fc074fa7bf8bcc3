package io.iir.backend;

import io.iir.transport.AnswerStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each event of a stream as it passes, to count, to copy, or to take one out; never waits.
 * Used on the call's event loop only; one tap serves one call.
 */
public interface EventTap {

  /** What becomes of an event. */
  enum Verdict {
    /** The client gets it as it came. */
    PASS,
    /** The client does not get it. */
    DROP,
    /**
     * The provider reports a failure: as the first event it fails the call, later it is the end.
     */
    FAILURE,
    /** It is no event of such a stream: the call is broken, and the event is not passed on. */
    BROKEN
  }

  /** The first byte of the call is sent, or is once more over a new connection. */
  void sent();

  /**
   * Whether an answer of status 200 and this media type, which is no stream that was asked for,
   * goes to the client byte by byte as it comes.
   */
  default boolean passes(String contentType) {
    return false;
  }

  /** So many bytes of such an answer have come. */
  default void passed(int bytes) {}

  /** All of such an answer has come. */
  default void passedAll() {}

  /** Looks at the event whose data is {@code length} bytes from {@code offset}. */
  Verdict event(byte[] data, int offset, int length);

  /** Whether the event that closes a stream has passed: nothing more is to come. */
  boolean closed();

  /** Whether what has passed is a whole answer, closed or not. */
  boolean complete();

  /** The events of a whole answer that came instead of a stream; null if it is no answer. */
  byte @Nullable [] replay(byte[] answer);

  /** What the provider says with an answer that is none. */
  String explain(int status, byte[] body);

  /** The event that closes a stream, for a complete answer that came without it. */
  byte[] closing();

  /** Whether another call may go on with a stream that breaks off. */
  default boolean handsOver() {
    return false;
  }

  /**
   * The stream has broken off: has another call go on with it, if there is one.
   *
   * @return whether there is, which from now on pushes into {@code stream} and ends it
   */
  default boolean handOver(AnswerStream stream) {
    return false;
  }

  /** The call breaks off, and costs nothing: it was not sent, or the provider has refused it. */
  default void unpaid() {}

  /**
   * The event that tells the client that its stream broke off: why, in a word and in a sentence.
   */
  byte[] broken(String code, String message);
}
