package io.iir.backend;

import io.iir.transport.AnswerStream;
import io.netty.handler.codec.http.HttpHeaders;

/** Hears exactly one of these, once, on the call's event loop. */
public interface UpstreamListener {

  /** The whole answer is here, whatever its status. */
  void answered(int status, HttpHeaders headers, byte[] body);

  /** A stream has begun: its first event waits in {@code stream}. */
  void streaming(HttpHeaders headers, AnswerStream stream);

  /** There is no answer. */
  void failed(UpstreamException failure);
}
