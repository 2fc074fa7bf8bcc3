package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Signed thoughts, as {@code reasoning_details} between client and gateway and as thinking blocks
 * between gateway and Anthropic. Stateless.
 *
 * @see <a href="https://openrouter.ai/docs/guides/best-practices/reasoning-tokens">OpenRouter's
 *     reasoning_details</a>
 */
final class ThoughtBlocks {

  /** How thoughts of Anthropic's are marked. */
  static final String FORMAT = "anthropic-claude-v1";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ThoughtBlocks() {}

  /**
   * The thinking blocks that {@code details} were made of. Pieces of one index, as a stream has
   * them, are put together; thoughts without a signature and thoughts of other vendors are left
   * out, for Anthropic refuses them.
   */
  static ArrayNode of(JsonNode details) {
    Map<Integer, ObjectNode> byIndex = new TreeMap<>();
    int next = 1 << 20; // behind those that say their place
    for (JsonNode detail : details) {
      String format = detail.path("format").asText("");
      if (format.isEmpty() || format.startsWith("anthropic")) {
        int index = detail.path("index").canConvertToInt() ? detail.path("index").asInt() : next++;
        add(byIndex, index, detail);
      }
    }
    ArrayNode blocks = NODES.arrayNode();
    for (ObjectNode block : byIndex.values()) {
      if (block.has("data") || block.has("signature")) {
        blocks.add(block);
      }
    }
    return blocks;
  }

  private static void add(Map<Integer, ObjectNode> byIndex, int index, JsonNode detail) {
    switch (detail.path("type").asText("")) {
      case "reasoning.text" -> {
        ObjectNode block =
            byIndex.computeIfAbsent(
                index, i -> NODES.objectNode().put("type", "thinking").put("thinking", ""));
        String text = detail.path("text").asText("");
        block.put("thinking", block.path("thinking").asText("") + text);
        if (!detail.path("signature").asText("").isEmpty()) {
          block.set("signature", detail.path("signature"));
        }
      }
      case "reasoning.encrypted" -> {
        if (detail.path("data").isTextual()) {
          ObjectNode block = NODES.objectNode().put("type", "redacted_thinking");
          block.set("data", detail.path("data"));
          byIndex.put(index, block);
        }
      }
      default -> {
        // a summary or something newer: not for Anthropic
      }
    }
  }

  /** A detail with a piece of the thought {@code index}, or with its signature, or both. */
  static ObjectNode text(@Nullable String text, @Nullable String signature, int index) {
    ObjectNode detail = NODES.objectNode().put("type", "reasoning.text");
    if (text != null) {
      detail.put("text", text);
    }
    if (signature != null) {
      detail.put("signature", signature);
    }
    return detail.put("format", FORMAT).put("index", index);
  }

  /** A detail with a thought that nobody but Anthropic can read. */
  static ObjectNode encrypted(String data, int index) {
    return NODES
        .objectNode()
        .put("type", "reasoning.encrypted")
        .put("data", data)
        .put("format", FORMAT)
        .put("index", index);
  }
}
