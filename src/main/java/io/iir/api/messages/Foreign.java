package io.iir.api.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;

/**
 * What answers of models other than Anthropic's leave in a conversation, and Anthropic refuses:
 * thinking without its signature, and what this API adds to tool calls for others.
 */
final class Foreign {

  /** What a provider wants back with a tool call, in the block that is the call. */
  static final String EXTRA = "extra_content";

  private Foreign() {}

  /** The bytes of {@code request}, out of which all this is taken. */
  static byte[] without(ObjectNode request) {
    if (request.path("messages") instanceof ArrayNode messages) {
      for (int i = messages.size() - 1; i >= 0; i--) {
        if (messages.get(i).path("content") instanceof ArrayNode content && emptied(content)) {
          messages.remove(i);
        }
      }
    }
    return JsonBytes.write(request);
  }

  /** Cleans {@code content}; whether nothing is left of it by that. */
  private static boolean emptied(ArrayNode content) {
    int before = content.size();
    for (int i = before - 1; i >= 0; i--) {
      JsonNode block = content.get(i);
      String type = block.path("type").asText();
      if (type.equals("thinking") && block.path("signature").asText().isEmpty()) {
        content.remove(i);
      } else if (type.equals("tool_use") && block instanceof ObjectNode call) {
        call.remove(EXTRA);
      }
    }
    return before > 0 && content.isEmpty();
  }
}
