package io.iir.backend;

import io.iir.openai.CompletionAssembler;
import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A stream that came where a whole answer was asked for, gathered into that answer. The client sees
 * nothing of it before it is whole, so that until then another provider can be asked.
 *
 * <p>Confined to the call's event loop.
 */
final class GatheredStream {

  private final EventTap tap;
  private final SseFramer framer = new SseFramer(this::gather);
  private final CompletionAssembler answer = new CompletionAssembler();
  private long length;
  private boolean eventSeen;
  private byte @Nullable [] failure;
  private @Nullable String fault;

  GatheredStream(EventTap tap) {
    this.tap = tap;
  }

  /**
   * Takes over {@code bytes}.
   *
   * @throws IllegalStateException if the stream is too long, or an event is or is no JSON object
   */
  void feed(ByteBuf bytes) {
    length += bytes.readableBytes();
    if (length > CollectedBody.MAX_LENGTH) {
      bytes.release();
      throw new IllegalStateException("it is longer than " + CollectedBody.MAX_LENGTH + " bytes");
    }
    ReferenceCountUtil.release(framer.feed(bytes)); // comments; events never go on
    if (fault != null) {
      throw new IllegalStateException(fault);
    }
  }

  private boolean gather(byte[] data, int offset, int length) {
    if (over() || fault != null) {
      return false;
    }
    eventSeen = true;
    if (tap.event(data, offset, length) == EventTap.Verdict.FAILURE) {
      failure = Arrays.copyOfRange(data, offset, offset + length);
      return false;
    }
    try {
      answer.add(data, offset, length);
    } catch (IllegalArgumentException e) {
      fault = e.getMessage();
    }
    return false;
  }

  /** Whether an event has come. */
  boolean eventSeen() {
    return eventSeen;
  }

  /** Whether the provider has reported a failure or closed the stream: the rest does not matter. */
  boolean over() {
    return failure != null || tap.closed();
  }

  /** The data of the event that reports a failure, or null. */
  byte @Nullable [] failure() {
    return failure;
  }

  /** Whether what has come is a whole answer, closed or not. */
  boolean complete() {
    return failure == null && tap.complete();
  }

  /** The answer, JSON in UTF-8. */
  byte[] completion() {
    return answer.toJson();
  }

  /** Drops the beginning of an event that will have no end. */
  void close() {
    framer.close();
  }
}
