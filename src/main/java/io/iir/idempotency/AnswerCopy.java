package io.iir.idempotency;

import io.iir.transport.StreamEncoder;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies a stream as it passes to its client, and changes nothing of it. The copy is given up where
 * it is longer than its limit, or where its run has no memory for it. Confined to the stream's
 * event loop.
 */
public final class AnswerCopy implements StreamEncoder {

  private static final int FIRST = 4 << 10;
  private static final byte[] NOTHING = {};

  private final int limit;
  private final Run run;
  private byte[] bytes = NOTHING;
  private int size;
  private boolean givenUp;
  private boolean complete;

  /** A copy of at most {@code limit} bytes, in the memory of {@code run}. */
  public AnswerCopy(int limit, Run run) {
    this.limit = limit;
    this.run = run;
  }

  @Override
  public ByteBuf encode(ByteBuf events) {
    int length = events.readableBytes();
    if (!givenUp && reserve(length)) {
      events.getBytes(events.readerIndex(), bytes, size, length);
      size += length;
    }
    return events;
  }

  /** Makes room for {@code length} bytes more, or gives the copy up. */
  private boolean reserve(int length) {
    long needed = size + (long) length;
    if (needed <= bytes.length) {
      return true;
    }
    int larger = (int) Math.min(limit, Math.max(needed, Math.max(FIRST, bytes.length * 2L)));
    if (needed > limit || !run.take(larger - bytes.length)) {
      givenUp = true;
      bytes = NOTHING;
      run.give();
      return false;
    }
    bytes = Arrays.copyOf(bytes, larger);
    return true;
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

  /** All that has passed; null: it was given up. */
  public byte @Nullable [] bytes() {
    return givenUp ? null : Arrays.copyOf(bytes, size);
  }
}
