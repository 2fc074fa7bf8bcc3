package io.iir.transport;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Turns a stream into another form on its way to the client, piece by piece. One a stream, on its
 * event loop, never waits.
 */
public interface StreamEncoder {

  /**
   * Takes over {@code events}, whole server-sent events, and answers what the client gets for them;
   * null: nothing.
   */
  @Nullable ByteBuf encode(ByteBuf events);

  /** The stream has ended: what the client gets last, or null. */
  @Nullable ByteBuf end();

  /** The client is gone: drops what is kept. */
  void close();
}
