package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes events of OpenAI's chat stream into a buffer. One a stream; a buffer lasts from one {@link
 * #take} to the next.
 */
final class ChunkWriter {

  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ORIGINAL =
      ",\"anthropic_event\":".getBytes(StandardCharsets.US_ASCII);

  private final long created;
  private String id = "";
  private String model = "";
  private ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
  private @Nullable ByteBuf out;

  ChunkWriter(long created) {
    this.created = created;
  }

  /** Buffers come from {@code allocator} from now on. */
  void from(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** What every chunk says of the message. */
  void of(JsonNode message) {
    id = message.path("id").asText("");
    model = message.path("model").asText("");
  }

  /** A choice with {@code delta}. */
  static ObjectNode choice(ObjectNode delta) {
    ObjectNode choice = JsonNodeFactory.instance.objectNode().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs");
    return choice.putNull("finish_reason");
  }

  /** A chunk with {@code choice} and, if there is one, the event of Anthropic's that it is of. */
  void chunk(ObjectNode choice, byte @Nullable [] original) {
    ObjectNode chunk = common();
    chunk.putArray("choices").add(choice);
    byte[] json = JsonBytes.write(chunk);
    ByteBuf to = buffer();
    to.writeBytes(DATA);
    if (original == null) {
      to.writeBytes(json);
    } else {
      to.writeBytes(json, 0, json.length - 1).writeBytes(ORIGINAL).writeBytes(original);
      to.writeByte('}');
    }
    to.writeBytes(END);
  }

  /** The chunk without choices that tells the usage. */
  void usage(ObjectNode usage) {
    ObjectNode chunk = common();
    chunk.putArray("choices");
    chunk.set("usage", usage);
    event(JsonBytes.write(chunk));
  }

  /** An event with {@code json}. */
  void event(byte[] json) {
    buffer().writeBytes(DATA).writeBytes(json).writeBytes(END);
  }

  /** The end of the stream. */
  void done() {
    buffer().writeBytes(DONE);
  }

  private ObjectNode common() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", "chat.completion.chunk")
        .put("created", created)
        .put("model", model);
  }

  private ByteBuf buffer() {
    if (out == null) {
      out = allocator.buffer();
    }
    return out;
  }

  /** What was written since the last time; null: nothing. */
  @Nullable ByteBuf take() {
    ByteBuf taken = out;
    out = null;
    return taken;
  }
}
