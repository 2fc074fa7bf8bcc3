package io.iir.idempotency;

import io.iir.transport.StreamEncoder;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Copies a stream as it passes to its client, and changes nothing of it. Confined to the stream's
 * event loop.
 */
public final class AnswerCopy implements StreamEncoder {

  private final long limit;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private boolean tooLong;
  private boolean complete;

  /** A copy of at most {@code limit} bytes. */
  public AnswerCopy(long limit) {
    this.limit = limit;
  }

  @Override
  public ByteBuf encode(ByteBuf events) {
    if (!tooLong && bytes.size() + (long) events.readableBytes() > limit) {
      tooLong = true;
      bytes.reset();
    }
    if (!tooLong) {
      try {
        events.getBytes(events.readerIndex(), bytes, events.readableBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return events;
  }

  @Override
  public @Nullable ByteBuf end() {
    complete = true;
    return null;
  }

  @Override
  public void close() {}

  /** Whether the stream has been made to its end. */
  public boolean complete() {
    return complete;
  }

  /** All that has passed; null: it was more than is kept. */
  public byte @Nullable [] bytes() {
    return tooLong ? null : bytes.toByteArray();
  }
}
