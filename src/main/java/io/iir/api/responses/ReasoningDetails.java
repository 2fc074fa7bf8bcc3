package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.api.RawJson;
import io.iir.openai.JsonBytes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code reasoning_details} of an answer, put together from their pieces: one that has the type
 * and index of the last continues it, until that is signed. Not thread-safe.
 *
 * @see <a href="https://openrouter.ai/docs/use-cases/reasoning-tokens">OpenRouter's form</a>
 */
final class ReasoningDetails {

  private final ArrayNode whole = JsonBytes.TREE.createObjectNode().arrayNode();
  private final StringBuilder text = new StringBuilder();
  private @Nullable ObjectNode last;

  /** Adds a chunk's list. */
  void add(RawJson pieces) {
    for (JsonNode piece : JsonBytes.tree(pieces.bytes())) {
      if (piece instanceof ObjectNode more) {
        ObjectNode before = last;
        if (before == null || !continues(before, more)) {
          settle();
          before = JsonBytes.TREE.createObjectNode();
          whole.add(before);
          last = before;
        }
        append(before, more);
      }
    }
  }

  /** All of them as a token; null if there are none. */
  @Nullable String token() {
    settle();
    return whole.isEmpty() ? null : ReasoningToken.pack(whole);
  }

  private static boolean continues(ObjectNode before, ObjectNode more) {
    return before.path("type").equals(more.path("type"))
        && before.path("index").equals(more.path("index"))
        && !before.hasNonNull("signature")
        && !before.hasNonNull("data");
  }

  private void append(ObjectNode before, ObjectNode more) {
    for (Map.Entry<String, JsonNode> field : more.properties()) {
      JsonNode value = field.getValue();
      if (isText(field.getKey()) && value.isTextual()) {
        text.append(value.asText());
        before.put(field.getKey(), ""); // holds its place
      } else if (!value.isNull()) {
        before.set(field.getKey(), value);
      }
    }
  }

  /** Gives the last one its text. */
  private void settle() {
    if (last != null && !text.isEmpty()) {
      last.put(last.has("summary") ? "summary" : "text", text.toString());
    }
    text.setLength(0);
    last = null;
  }

  private static boolean isText(String name) {
    return name.equals("text") || name.equals("summary");
  }
}
