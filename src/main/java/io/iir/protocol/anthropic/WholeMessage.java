package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import java.io.IOException;

/** A whole message of Anthropic's as a chat completion. For one answer. */
final class WholeMessage {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thoughts = new StringBuilder();
  private final ArrayNode details = NODES.arrayNode();
  private final ArrayNode calls = NODES.arrayNode();

  private WholeMessage() {}

  /** The message in {@code body}. */
  static JsonNode read(byte[] body) {
    try {
      JsonNode message = JsonBytes.TREE.readTree(body);
      if (message.path("content").isArray()) {
        return message;
      }
    } catch (IOException e) {
      // said below
    }
    throw new IllegalArgumentException("it is no message of Anthropic's: it has no content");
  }

  /** {@code message} as a completion that was made {@code created} seconds after 1970. */
  static ObjectNode toOpenAi(JsonNode message, long created) {
    WholeMessage reading = new WholeMessage();
    JsonNode content = message.path("content");
    for (int i = 0; i < content.size(); i++) {
      reading.block(content.get(i), i);
    }
    ObjectNode completion =
        NODES
            .objectNode()
            .put("id", message.path("id").asText(""))
            .put("object", "chat.completion")
            .put("created", created)
            .put("model", message.path("model").asText(""));
    ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
    choice.set("message", reading.message(message.path("stop_details")));
    choice.putNull("logprobs");
    choice.put("finish_reason", StopReason.toOpenAi(message.path("stop_reason").asText("")));
    if (message.path("stop_sequence").isTextual()) {
      choice.set("stop_reason", message.path("stop_sequence"));
    }
    MessageUsage usage = new MessageUsage();
    usage.add(message.path("usage"));
    if (!usage.isEmpty()) {
      completion.set("usage", usage.toOpenAi());
    }
    return completion;
  }

  private void block(JsonNode block, int index) {
    switch (block.path("type").asText("")) {
      case "text" -> text.append(block.path("text").asText(""));
      case "thinking" -> {
        String thought = block.path("thinking").asText("");
        JsonNode signature = block.path("signature");
        thoughts.append(thought);
        details.add(
            ThoughtBlocks.text(thought, signature.isTextual() ? signature.asText() : null, index));
      }
      case "redacted_thinking" ->
          details.add(ThoughtBlocks.encrypted(block.path("data").asText(""), index));
      case "tool_use" -> {
        ObjectNode call =
            calls.addObject().put("id", block.path("id").asText("")).put("type", "function");
        call.putObject("function")
            .put("name", block.path("name").asText(""))
            .put("arguments", block.path("input").toString());
      }
      default -> {
        // what a tool of Anthropic's own did: the text tells it
      }
    }
  }

  private ObjectNode message(JsonNode stopDetails) {
    ObjectNode message = NODES.objectNode().put("role", "assistant");
    boolean silent = text.isEmpty() && (!calls.isEmpty() || stopDetails.isObject());
    message.put("content", silent ? null : text.toString());
    JsonNode refusal = stopDetails.path("explanation");
    message.put("refusal", refusal.isTextual() ? refusal.asText() : null);
    if (!thoughts.isEmpty()) {
      message.put("reasoning_content", thoughts.toString());
    }
    if (!details.isEmpty()) {
      message.set("reasoning_details", details);
    }
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
    return message;
  }
}
