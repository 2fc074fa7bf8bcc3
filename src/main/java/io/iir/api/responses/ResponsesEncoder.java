package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.api.ChatChunk;
import io.iir.api.EventReader;
import io.iir.api.JsonOut;
import io.iir.openai.JsonBytes;
import io.iir.transport.StreamEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Makes a response's events of a chat's chunks. The last event waits for {@code [DONE]}, for usage
 * comes behind the finish reason. A stream that fails ends with {@code error} and {@code
 * response.failed}, one that breaks off with nothing.
 */
final class ResponsesEncoder implements StreamEncoder, EventReader.Sink {

  private final Events events = new Events();
  private final ResponseObject response;
  private @Nullable ByteBuf out;
  private boolean begun;
  private boolean over;

  ResponsesEncoder(ResponseObject response) {
    this.response = response;
  }

  /**
   * A whole answer.
   *
   * @throws IllegalArgumentException if {@code completion} is no JSON object
   */
  static byte[] whole(byte[] completion, ResponseObject response) {
    ChatChunk answer = ChatChunk.read(completion);
    if (answer == null) {
      throw new IllegalArgumentException("the answer is no chat completion");
    }
    Events none = new Events();
    response.begin(answer);
    response.add(answer, none);
    response.complete(none);
    ByteBuf out = Unpooled.buffer(completion.length + 2_048);
    response.writeTo(out);
    return ByteBufUtil.getBytes(out);
  }

  @Override
  public @Nullable ByteBuf encode(ByteBuf chunks) {
    ByteBuf buffer = chunks.alloc().buffer(Math.max(256, chunks.readableBytes()));
    out = buffer;
    events.writeInto(buffer);
    EventReader.read(chunks, this);
    events.writeInto(null);
    out = null;
    if (buffer.isReadable()) {
      return buffer;
    }
    buffer.release();
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

  @Override
  public void chunk(byte[] json) {
    if (over) {
      return;
    }
    ChatChunk chunk = ChatChunk.read(json);
    if (chunk == null) {
      begin(null);
      fail(
          JsonBytes.TREE
              .createObjectNode()
              .put("code", "server_error")
              .put("message", "the provider's stream has an event that is no JSON object"));
      return;
    }
    begin(chunk);
    if (chunk.error() != null) {
      fail(JsonBytes.tree(chunk.error().bytes()));
      return;
    }
    try {
      response.add(chunk, events);
    } catch (IllegalStateException tooLong) {
      fail(
          JsonBytes.TREE
              .createObjectNode()
              .put("code", "server_error")
              .put("message", tooLong.getMessage()));
    }
  }

  @Override
  public void done() {
    if (over) {
      return;
    }
    begin(null);
    response.complete(events);
    tell("response." + response.status());
    over = true;
  }

  @Override
  public void comment(byte[] comment) {
    if (out != null) {
      out.writeBytes(comment);
      JsonOut.raw(out, "\n\n");
    }
  }

  private void begin(@Nullable ChatChunk chunk) {
    if (!begun) {
      begun = true;
      response.begin(chunk);
      tell("response.created");
      tell("response.in_progress");
    }
  }

  /** The members that the reference has, and the object that OpenAI's servers send instead. */
  private void fail(JsonNode error) {
    ByteBuf event = events.begin("error");
    if (event != null) {
      JsonOut.raw(event, ",\"code\":");
      JsonOut.text(event, error.path("code"));
      JsonOut.raw(event, ",\"message\":");
      JsonOut.text(event, error.isTextual() ? error : error.path("message"));
      JsonOut.raw(event, ",\"param\":");
      JsonOut.text(event, error.path("param"));
      JsonOut.raw(event, ",\"error\":");
      event.writeBytes(JsonBytes.write(error));
      Events.end(event);
    }
    response.fail(error);
    tell("response.failed");
    over = true;
  }

  private void tell(String type) {
    ByteBuf event = events.begin(type);
    if (event != null) {
      JsonOut.raw(event, ",\"response\":");
      response.writeTo(event);
      Events.end(event);
    }
  }
}
