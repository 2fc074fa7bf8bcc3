package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;

/**
 * A text that grows by pieces, as a value of a tree. Joined as strings, each piece would copy all
 * that came before it.
 */
final class GrowingText {

  private GrowingText() {}

  /** Whether {@code node} is a text, growing or not. */
  static boolean is(JsonNode node) {
    return node.isTextual() || node.isPojo();
  }

  /** The text of {@code before}, which may grow in place, with that of {@code piece} behind it. */
  static JsonNode join(JsonNode before, JsonNode piece) {
    if (before instanceof POJONode grown && grown.getPojo() instanceof StringBuilder text) {
      text.append(piece.asText());
      return before;
    }
    StringBuilder text = new StringBuilder(before.asText());
    text.append(piece.asText());
    return new POJONode(text);
  }
}
