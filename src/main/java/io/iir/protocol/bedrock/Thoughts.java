package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Signed thoughts, as {@code reasoning_details} between client and gateway and as {@code
 * reasoningContent} between gateway and Bedrock. Claude's signatures hold wherever Claude runs, so
 * they are marked as Anthropic's; what is encrypted is Bedrock's own. They go back to Claude alone:
 * other models refuse them. Stateless.
 *
 * @see <a href="https://openrouter.ai/docs/guides/best-practices/reasoning-tokens">OpenRouter's
 *     reasoning_details</a>
 */
final class Thoughts {

  private static final String SIGNED = "anthropic-claude-v1";
  private static final String ENCRYPTED = "amazon-bedrock-v1";

  private Thoughts() {}

  /** The blocks that {@code details} were made of; those without a signature are left out. */
  static ArrayNode blocks(JsonNode details) {
    Map<Integer, ObjectNode> byIndex = new TreeMap<>();
    int next = 1 << 20; // behind those that say their place
    for (JsonNode detail : details) {
      int index = detail.path("index").canConvertToInt() ? detail.path("index").asInt() : next++;
      String format = detail.path("format").asText("");
      if (detail.path("type").asText("").equals("reasoning.text")
          && (format.isEmpty() || format.equals(SIGNED))) {
        ObjectNode block = byIndex.computeIfAbsent(index, i -> Trees.object().put("text", ""));
        block.put("text", block.path("text").asText("") + detail.path("text").asText(""));
        if (detail.path("signature").isTextual()) {
          block.set("signature", detail.path("signature"));
        }
      } else if (detail.path("data").isTextual() && format.equals(ENCRYPTED)) {
        byIndex.put(index, Trees.object("redactedContent", detail.path("data")));
      }
    }
    ArrayNode blocks = Trees.array();
    for (ObjectNode block : byIndex.values()) {
      if (block.has("redactedContent")) {
        blocks.add(Trees.object("reasoningContent", block));
      } else if (block.has("signature")) {
        blocks.add(Trees.object("reasoningContent", Trees.object("reasoningText", block)));
      }
    }
    return blocks;
  }

  /** A detail with a piece of the thought {@code index}, or with its signature, or both. */
  static ObjectNode text(@Nullable String text, @Nullable String signature, int index) {
    ObjectNode detail = Trees.object().put("type", "reasoning.text");
    if (text != null) {
      detail.put("text", text);
    }
    if (signature != null) {
      detail.put("signature", signature);
    }
    return detail.put("format", SIGNED).put("index", index);
  }

  /** A detail with a thought that nobody but Bedrock can read. */
  static ObjectNode encrypted(String data, int index) {
    return Trees.object()
        .put("type", "reasoning.encrypted")
        .put("data", data)
        .put("format", ENCRYPTED)
        .put("index", index);
  }
}
