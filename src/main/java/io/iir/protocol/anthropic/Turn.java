package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One turn of a conversation: all that one side says before the other one does. */
final class Turn {

  private final String role;
  private final ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
  private JsonNode plain = JsonNodeFactory.instance.missingNode();

  Turn(String role) {
    this.role = role;
  }

  boolean is(String who) {
    return role.equals(who);
  }

  /** Adds what was said; {@code content} is what it was in the client's request. */
  void add(ArrayNode said, JsonNode content) {
    plain =
        blocks.isEmpty() && said.size() == 1 && isText(said.get(0), content)
            ? content
            : JsonNodeFactory.instance.missingNode();
    blocks.addAll(said);
  }

  /** Whether {@code block} says what the string {@code content} does, and nothing else. */
  private static boolean isText(JsonNode block, JsonNode content) {
    return content.isTextual()
        && block.path("type").asText("").equals("text")
        && block.path("text").equals(content)
        && !block.has("cache_control");
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  ArrayNode blocks() {
    return blocks;
  }

  /** The message: a text that came as a string goes as one. */
  ObjectNode message() {
    ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", role);
    message.set("content", plain.isMissingNode() ? blocks : plain);
    return message;
  }

  /** Takes blanks from the end of the last text: Anthropic refuses to go on from them. */
  void strip() {
    if (!plain.isMissingNode()) {
      plain = JsonNodeFactory.instance.textNode(plain.asText().stripTrailing());
    } else if (blocks.path(blocks.size() - 1) instanceof ObjectNode last
        && last.path("text").isTextual()) {
      last.put("text", last.path("text").asText().stripTrailing());
    }
  }
}
