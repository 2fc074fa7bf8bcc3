package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of one stream of Anthropic's into chunks. Only {@code message_stop} completes
 * it.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/streaming">Streaming</a>
 */
final class MessageStream {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ChunkWriter out;
  private final boolean verbatim;
  private final MessageUsage usage = new MessageUsage();
  private int calls;
  private @Nullable JsonNode callInput;

  /**
   * A stream whose chunks go to {@code out}.
   *
   * @param verbatim whether each event goes along with a chunk
   */
  MessageStream(ChunkWriter out, boolean verbatim) {
    this.out = out;
    this.verbatim = verbatim;
  }

  /**
   * Reads an event's data.
   *
   * @throws IllegalStateException if it is no JSON object
   */
  void event(byte[] data, int offset, int length) {
    byte[] bytes = Arrays.copyOfRange(data, offset, offset + length);
    JsonNode event = parse(bytes);
    byte[] original = verbatim ? oneLine(bytes) : null;
    switch (event.path("type").asText("")) {
      case "message_start" -> start(event.path("message"), original);
      case "content_block_start" -> write(begin(event), original);
      case "content_block_delta" -> write(delta(event), original);
      case "content_block_stop" -> write(endBlock(), original);
      case "message_delta" -> finish(event, original);
      case "message_stop" -> {
        write(null, original);
        if (!usage.isEmpty()) {
          out.usage(usage.toOpenAi());
        }
        out.done();
      }
      case "error" -> out.event(MessageError.inStream(event, bytes));
      default -> write(null, original); // ping, and what is newer
    }
  }

  private static JsonNode parse(byte[] data) {
    try {
      JsonNode event = JsonBytes.TREE.readTree(data);
      if (event.isObject()) {
        return event;
      }
    } catch (IOException e) {
      // said below
    }
    throw new IllegalStateException("an event of the stream is no JSON object");
  }

  /** JSON has line breaks between tokens only, where blanks are as good. */
  private static byte[] oneLine(byte[] json) {
    byte[] line = json.clone();
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' ';
      }
    }
    return line;
  }

  /** A chunk with {@code delta}; without one only if the event itself must go along. */
  private void write(@Nullable ObjectNode delta, byte @Nullable [] original) {
    if (delta != null || original != null) {
      out.chunk(ChunkWriter.choice(delta == null ? NODES.objectNode() : delta), original);
    }
  }

  private void start(JsonNode message, byte @Nullable [] original) {
    out.of(message);
    usage.add(message.path("usage"));
    write(NODES.objectNode().put("role", "assistant").put("content", ""), original);
  }

  private @Nullable ObjectNode begin(JsonNode event) {
    JsonNode block = event.path("content_block");
    callInput = null;
    return switch (block.path("type").asText("")) {
      case "text" -> content(block.path("text"));
      case "thinking" -> thought(block.path("thinking"), event.path("index").asInt());
      case "redacted_thinking" ->
          detail(
              ThoughtBlocks.encrypted(block.path("data").asText(""), event.path("index").asInt()));
      case "tool_use" -> {
        callInput = block.path("input");
        ObjectNode delta = NODES.objectNode();
        ObjectNode call =
            delta
                .putArray("tool_calls")
                .addObject()
                .put("index", calls++)
                .put("id", block.path("id").asText(""))
                .put("type", "function");
        call.putObject("function").put("name", block.path("name").asText("")).put("arguments", "");
        yield delta;
      }
      default -> null;
    };
  }

  private @Nullable ObjectNode delta(JsonNode event) {
    JsonNode delta = event.path("delta");
    int index = event.path("index").asInt();
    return switch (delta.path("type").asText("")) {
      case "text_delta" -> content(delta.path("text"));
      case "thinking_delta" -> thought(delta.path("thinking"), index);
      case "signature_delta" ->
          detail(ThoughtBlocks.text(null, delta.path("signature").asText(""), index));
      case "input_json_delta" -> input(delta.path("partial_json").asText(""));
      default -> null; // citations
    };
  }

  private static @Nullable ObjectNode content(JsonNode text) {
    return text.asText("").isEmpty() ? null : NODES.objectNode().put("content", text.asText());
  }

  private static @Nullable ObjectNode thought(JsonNode text, int index) {
    if (text.asText("").isEmpty()) {
      return null;
    }
    ObjectNode delta = detail(ThoughtBlocks.text(text.asText(), null, index));
    return delta.put("reasoning_content", text.asText());
  }

  private static ObjectNode detail(ObjectNode detail) {
    ObjectNode delta = NODES.objectNode();
    delta.putArray("reasoning_details").add(detail);
    return delta;
  }

  /** A piece of the input of a tool of the client's; of Anthropic's own tools nothing is told. */
  private @Nullable ObjectNode input(String piece) {
    if (piece.isEmpty() || callInput == null) {
      return null;
    }
    callInput = NODES.missingNode();
    return arguments(piece);
  }

  private ObjectNode arguments(String piece) {
    ObjectNode delta = NODES.objectNode();
    delta
        .putArray("tool_calls")
        .addObject()
        .put("index", calls - 1)
        .putObject("function")
        .put("arguments", piece);
    return delta;
  }

  /** A tool whose input did not come in pieces has had it from the beginning. */
  private @Nullable ObjectNode endBlock() {
    JsonNode input = callInput;
    callInput = null;
    return input == null || input.isMissingNode() ? null : arguments(input.toString());
  }

  private void finish(JsonNode event, byte @Nullable [] original) {
    usage.add(event.path("usage"));
    JsonNode delta = event.path("delta");
    if (!delta.path("stop_reason").isTextual()) {
      write(null, original);
      return;
    }
    ObjectNode last = NODES.objectNode();
    JsonNode refusal = delta.path("stop_details").path("explanation");
    if (refusal.isTextual()) {
      last.set("refusal", refusal);
    }
    ObjectNode choice = ChunkWriter.choice(last);
    choice.put("finish_reason", StopReason.toOpenAi(delta.path("stop_reason").asText()));
    if (delta.path("stop_sequence").isTextual()) {
      choice.set("stop_reason", delta.path("stop_sequence"));
    }
    out.chunk(choice, original);
  }
}
