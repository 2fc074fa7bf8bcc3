package io.iir.backend;

import io.iir.transport.AnswerStream;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Hears exactly one of {@link #answered}, {@link #streaming} and {@link #failed}, once, on the
 * call's event loop.
 */
public interface UpstreamListener {

  /** The whole answer is here, whatever its status. */
  void answered(int status, HttpHeaders headers, byte[] body);

  /** A stream has begun: its first event, or a comment, waits in {@code stream}. */
  void streaming(HttpHeaders headers, AnswerStream stream);

  /** The stream that is about to begin has nothing but comments so far. */
  default void waiting() {}

  /** The first event has come of a stream that began with comments. */
  default void eventCame() {}

  /** There is no answer. */
  void failed(UpstreamException failure);
}
