package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.backend.AnswerTranslator;
import io.iir.backend.SseFramer;
import io.iir.openai.JsonBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers of {@code generateContent} and {@code streamGenerateContent} as chat completions. */
final class GeminiTranslator implements AnswerTranslator {

  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final String model;
  private final SseFramer framer = new SseFramer(this::event);
  private final ChunkStream chunks;
  private @Nullable ByteBuf out;
  private @Nullable String fault;

  GeminiTranslator(String model) {
    this.model = model;
    this.chunks = new ChunkStream(model, this::write);
  }

  @Override
  public boolean isStream(String contentType) {
    return contentType.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  @Override
  public @Nullable ByteBuf events(ByteBuf wire) {
    ReferenceCountUtil.release(framer.feed(wire)); // comments are left: nobody needs them
    if (fault != null) {
      close();
      throw new IllegalStateException(fault);
    }
    return taken();
  }

  @Override
  public @Nullable ByteBuf end() {
    chunks.end();
    return taken();
  }

  @Override
  public byte[] whole(int status, byte[] body) {
    if (status < 200 || status >= 300) {
      return GeminiErrors.of(status, body).toJson();
    }
    try {
      JsonNode answer = JsonBytes.TREE.readTree(body);
      return JsonBytes.write(WholeAnswer.completion(answer, model));
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    }
  }

  @Override
  public int status(int status, byte[] body) {
    return GeminiErrors.status(status, body);
  }

  @Override
  public @Nullable String retryAfter(byte[] body) {
    return GeminiErrors.retryAfter(body);
  }

  @Override
  public void close() {
    framer.close();
    ReferenceCountUtil.release(taken());
  }

  private boolean event(byte[] data, int offset, int length) {
    try {
      if (fault == null) {
        chunks.event(data, offset, length);
      }
    } catch (IOException e) {
      fault = "an event of its stream is not JSON";
    }
    return false;
  }

  private void write(byte[] data) {
    if (out == null) {
      out = ByteBufAllocator.DEFAULT.buffer(data.length + DATA.length + END.length);
    }
    out.writeBytes(DATA).writeBytes(data).writeBytes(END);
  }

  private @Nullable ByteBuf taken() {
    ByteBuf taken = out;
    out = null;
    return taken;
  }
}
