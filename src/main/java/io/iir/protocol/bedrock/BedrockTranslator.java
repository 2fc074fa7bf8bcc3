package io.iir.protocol.bedrock;

import io.iir.backend.AnswerTranslator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers of Converse and ConverseStream as chat completions. */
final class BedrockTranslator implements AnswerTranslator {

  private static final String STREAM = "application/vnd.amazon.eventstream";
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final String model;
  private final EventStream stream = new EventStream(this::message);
  private final ChunkStream chunks;
  private @Nullable ByteBuf out;

  BedrockTranslator(String model) {
    this.model = model;
    this.chunks = new ChunkStream(model, this::write);
  }

  @Override
  public boolean isStream(String contentType) {
    return contentType.toLowerCase(Locale.ROOT).startsWith(STREAM);
  }

  @Override
  public @Nullable ByteBuf events(ByteBuf wire) {
    try {
      stream.feed(wire);
    } catch (IllegalStateException e) {
      close();
      throw e;
    } finally {
      wire.release();
    }
    return taken();
  }

  @Override
  public @Nullable ByteBuf end() {
    if (!stream.isWithin()) {
      chunks.end();
    }
    return taken();
  }

  @Override
  public byte[] whole(int status, byte[] body) {
    if (status < 200 || status >= 300) {
      return BedrockErrors.of(status, body).toJson();
    }
    try {
      return Trees.bytes(new WholeAnswer().completion(Trees.read(body), model));
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    }
  }

  @Override
  public void close() {
    ReferenceCountUtil.release(taken());
  }

  private void message(EventStream.Message message) {
    String kind = message.headers().getOrDefault(":message-type", "event");
    switch (kind) {
      case "event" -> {
        try {
          chunks.event(
              message.headers().getOrDefault(":event-type", ""), Trees.read(message.payload()));
        } catch (IOException e) {
          throw new IllegalStateException("an event of its stream is not JSON", e);
        }
      }
      case "exception" ->
          chunks.fail(
              BedrockErrors.inStream(
                      message.headers().getOrDefault(":exception-type", ""), message.payload())
                  .toJson());
      default ->
          chunks.fail(
              BedrockErrors.failed(
                      message
                          .headers()
                          .getOrDefault(":error-message", "the stream failed in Bedrock"))
                  .toJson());
    }
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
