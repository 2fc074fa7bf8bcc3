package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tool calls of one choice, put together from their pieces by {@code index}: arguments grow,
 * anything else stays as it first came.
 *
 * <p>A piece without an index continues the call before it, unless it names a function: then it
 * begins one. So does a piece that names a function under an index whose call has another id, which
 * Gemini sends.
 */
final class ToolCallsAssembler {

  private final TreeMap<Integer, ObjectNode> calls = new TreeMap<>();

  void add(JsonNode piece) {
    mergeCall(calls.computeIfAbsent(place(piece), i -> JsonBytes.TREE.createObjectNode()), piece);
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  ArrayNode toNode() {
    ArrayNode list = JsonBytes.TREE.createArrayNode();
    for (ObjectNode call : calls.values()) {
      if (!call.has("type")) {
        call.put("type", "function");
      }
      list.add(call);
    }
    return list;
  }

  /** Adds a piece of a call, or of the older form's {@code function_call}, to {@code call}. */
  static void mergeCall(ObjectNode call, JsonNode piece) {
    for (Map.Entry<String, JsonNode> field : piece.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      JsonNode before = call.get(name);
      if (name.equals("index")) {
        continue;
      }
      if (before == null || before.isNull() || isEmptyText(before)) {
        call.set(name, value.deepCopy());
      } else if (value.isTextual() && (name.equals("arguments") || name.equals("input"))) {
        call.set(name, GrowingText.join(before, value));
      } else if (value.isObject() && before instanceof ObjectNode object) {
        mergeCall(object, value);
      }
    }
  }

  private int place(JsonNode piece) {
    boolean named = !piece.path("function").path("name").asText("").isEmpty();
    int next = calls.isEmpty() ? 0 : calls.lastKey() + 1;
    if (!piece.path("index").isInt()) {
      return named || calls.isEmpty() ? next : next - 1;
    }
    int index = piece.path("index").asInt();
    ObjectNode there = calls.get(index);
    if (there == null || !named) {
      return index;
    }
    String id = piece.path("id").asText("");
    String thereId = there.path("id").asText("");
    return id.isEmpty() || thereId.isEmpty() || id.equals(thereId) ? index : next;
  }

  private static boolean isEmptyText(JsonNode node) {
    return node.isTextual() && node.asText().isEmpty();
  }
}
