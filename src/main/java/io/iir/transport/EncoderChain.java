package io.iir.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Two encoders as one: the second gets what the first makes. Used as they are. */
record EncoderChain(StreamEncoder first, StreamEncoder second) implements StreamEncoder {

  @Override
  public @Nullable ByteBuf encode(ByteBuf events) {
    ByteBuf between = first.encode(events);
    return between == null ? null : second.encode(between);
  }

  @Override
  public @Nullable ByteBuf end() {
    ByteBuf between = first.end();
    ByteBuf last = between == null ? null : second.encode(between);
    ByteBuf rest = second.end();
    return last == null ? rest : rest == null ? last : Unpooled.wrappedBuffer(last, rest);
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
