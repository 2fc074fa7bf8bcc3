package io.iir.api.messages;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.JsonBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the events of Anthropic's streams. One a stream, not thread-safe.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/streaming">Streaming</a>
 */
final class EventWriter {

  /** Writes the rest of an event's object. */
  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private @Nullable ByteBuf out;

  /** What was written since the last call; null: nothing. */
  @Nullable ByteBuf take() {
    ByteBuf written = out;
    out = null;
    return written;
  }

  /** Drops what was written since the last {@link #take}. */
  void close() {
    if (out != null) {
      out.release();
      out = null;
    }
  }

  /** An event of type {@code type} whose data is there already. */
  void verbatim(String type, byte[] data, int from, int to) {
    head(type).writeBytes(data, from, to - from);
    end();
  }

  void ping() {
    event("ping", json -> {});
  }

  void messageStart(String id, String model, Spent spent) {
    event(
        "message_start",
        json -> {
          json.writeObjectFieldStart("message");
          json.writeStringField("id", id);
          json.writeStringField("type", "message");
          json.writeStringField("role", "assistant");
          json.writeStringField("model", model);
          json.writeArrayFieldStart("content");
          json.writeEndArray();
          json.writeNullField("stop_reason");
          json.writeNullField("stop_sequence");
          spent.write(json);
          json.writeEndObject();
        });
  }

  void textStart(int index) {
    blockStart(index, "text", json -> json.writeStringField("text", ""));
  }

  void thinkingStart(int index) {
    blockStart(
        index,
        "thinking",
        json -> {
          json.writeStringField("thinking", "");
          json.writeStringField("signature", "");
        });
  }

  void redactedStart(int index, String data) {
    blockStart(index, "redacted_thinking", json -> json.writeStringField("data", data));
  }

  void toolStart(int index, String id, String name, @Nullable JsonNode extra) {
    blockStart(
        index,
        "tool_use",
        json -> {
          json.writeStringField("id", id);
          json.writeStringField("name", name);
          json.writeObjectFieldStart("input");
          json.writeEndObject();
          json.writeObjectFieldStart("caller");
          json.writeStringField("type", "direct");
          json.writeEndObject();
          if (extra != null) {
            json.writeFieldName(Foreign.EXTRA);
            json.writeTree(extra);
          }
        });
  }

  /** A piece of a block: {@code type} such as {@code text_delta}, its text in {@code field}. */
  void delta(int index, String type, String field, String text) {
    event(
        "content_block_delta",
        json -> {
          json.writeNumberField("index", index);
          json.writeObjectFieldStart("delta");
          json.writeStringField("type", type);
          json.writeStringField(field, text);
          json.writeEndObject();
        });
  }

  void blockStop(int index) {
    event("content_block_stop", json -> json.writeNumberField("index", index));
  }

  void messageDelta(String stopReason, @Nullable String stopSequence, Spent spent) {
    event(
        "message_delta",
        json -> {
          json.writeObjectFieldStart("delta");
          json.writeStringField("stop_reason", stopReason);
          json.writeStringField("stop_sequence", stopSequence);
          json.writeEndObject();
          spent.write(json);
        });
  }

  void messageStop() {
    event("message_stop", json -> {});
  }

  void error(String type, String message) {
    byte[] data = ErrorForm.write(type, message, null);
    verbatim("error", data, 0, data.length);
  }

  private void blockStart(int index, String type, Fields block) {
    event(
        "content_block_start",
        json -> {
          json.writeNumberField("index", index);
          json.writeObjectFieldStart("content_block");
          json.writeStringField("type", type);
          block.write(json);
          json.writeEndObject();
        });
  }

  private void event(String type, Fields fields) {
    ByteBuf to = head(type);
    try (JsonGenerator json =
        JsonBytes.TREE.createGenerator((OutputStream) new ByteBufOutputStream(to))) {
      json.writeStartObject();
      json.writeStringField("type", type);
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    end();
  }

  private ByteBuf head(String type) {
    if (out == null) {
      out = Unpooled.buffer(512);
    }
    out.writeCharSequence("event: " + type + "\ndata: ", StandardCharsets.US_ASCII);
    return out;
  }

  private void end() {
    if (out != null) {
      out.writeByte('\n').writeByte('\n');
    }
  }
}
