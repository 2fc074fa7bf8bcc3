package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.backend.AnswerTranslator;
import io.iir.backend.SseFramer;
import io.iir.openai.JsonBytes;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Turns what Anthropic's Messages API answers into OpenAI's form. One a call. */
public final class AnthropicTranslator implements AnswerTranslator {

  private final boolean verbatim;
  private final long created = Instant.now().getEpochSecond();
  private final ChunkWriter out = new ChunkWriter(created);
  private final MessageStream stream;
  private final SseFramer framer;
  private @Nullable IllegalStateException failure;

  private AnthropicTranslator(boolean verbatim) {
    this.verbatim = verbatim;
    this.stream = new MessageStream(out, verbatim);
    this.framer = new SseFramer(this::read);
  }

  /** For an answer to a client of OpenAI's API, or of another one. */
  static AnthropicTranslator plain() {
    return new AnthropicTranslator(false);
  }

  /**
   * For an answer to a client of Anthropic's API: each chunk has the event that it is of as {@code
   * anthropic_event}, a whole answer the message as {@code anthropic_message}.
   */
  static AnthropicTranslator verbatim() {
    return new AnthropicTranslator(true);
  }

  @Override
  public boolean isStream(String contentType) {
    return contentType.startsWith("text/event-stream");
  }

  @Override
  public @Nullable ByteBuf events(ByteBuf wire) {
    out.from(wire.alloc());
    ByteBuf rest = framer.feed(wire);
    if (rest != null) {
      rest.release(); // events without data
    }
    ByteBuf events = out.take();
    if (failure != null) {
      if (events != null) {
        events.release();
      }
      throw failure;
    }
    return events;
  }

  /** Has an event written anew, so that it does not pass itself. */
  private boolean read(byte[] data, int offset, int length) {
    if (failure == null) {
      try {
        stream.event(data, offset, length);
      } catch (IllegalStateException e) {
        failure = e;
      }
    }
    return false;
  }

  /** Nothing follows: {@code message_stop} has completed the stream, or it was cut. */
  @Override
  public @Nullable ByteBuf end() {
    return null;
  }

  @Override
  public byte[] whole(int status, byte[] body) {
    if (status < 200 || status >= 300) {
      return MessageError.of(status, body);
    }
    JsonNode message = WholeMessage.read(body);
    ObjectNode completion = WholeMessage.toOpenAi(message, created);
    if (verbatim) {
      completion.set("anthropic_message", message);
    }
    return JsonBytes.write(completion);
  }

  @Override
  public int status(int status, byte[] body) {
    return MessageError.status(status, body);
  }

  @Override
  public void close() {
    framer.close();
    ByteBuf unsent = out.take();
    if (unsent != null) {
      unsent.release(); // events before one that was too long
    }
  }
}
