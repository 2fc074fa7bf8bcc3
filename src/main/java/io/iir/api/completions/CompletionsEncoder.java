package io.iir.api.completions;

import io.iir.api.ChatChunk;
import io.iir.api.EventReader;
import io.iir.api.JsonOut;
import io.iir.transport.StreamEncoder;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Makes a completion's events of a chat's chunks; a failure and the end are the same in both, and
 * events that are a completion's pass as they are.
 */
final class CompletionsEncoder implements StreamEncoder {

  private final CompletionWriter writer;

  CompletionsEncoder(CompletionWriter writer) {
    this.writer = writer;
  }

  @Override
  public @Nullable ByteBuf encode(ByteBuf chunks) {
    ByteBuf out = chunks.alloc().buffer(Math.max(256, chunks.readableBytes()));
    EventReader.read(chunks, new Rewriting(out));
    if (out.isReadable()) {
      return out;
    }
    out.release();
    return null;
  }

  @Override
  public @Nullable ByteBuf end() {
    return null;
  }

  @Override
  public void close() {
    // nothing is kept that must be given back
  }

  private final class Rewriting implements EventReader.Sink {

    private final ByteBuf out;

    Rewriting(ByteBuf out) {
      this.out = out;
    }

    @Override
    public void chunk(byte[] json) {
      ChatChunk chunk = ChatChunk.read(json);
      if (chunk == null || chunk.error() != null || chunk.isText()) {
        JsonOut.raw(out, "data: ");
        out.writeBytes(json);
        JsonOut.raw(out, "\n\n");
      } else {
        writer.event(chunk, out);
      }
    }

    @Override
    public void done() {
      JsonOut.raw(out, "data: [DONE]\n\n");
    }

    @Override
    public void comment(byte[] comment) {
      out.writeBytes(comment);
      JsonOut.raw(out, "\n\n");
    }
  }
}
