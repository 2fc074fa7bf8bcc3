package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * One choice of an answer, put together from its chunks. In the message, texts grow, lists get
 * longer, and of anything else the last value that is not null stays.
 */
final class ChoiceAssembler {

  /** Fields of a delta, and of what is inside it, whose pieces make one text. */
  private static final Set<String> TEXTS =
      Set.of("content", "refusal", "reasoning_content", "reasoning", "transcript", "data", "text");

  private final ObjectNode choice = JsonBytes.TREE.createObjectNode();
  private final ObjectNode message = JsonBytes.TREE.createObjectNode();
  private final ToolCallsAssembler calls = new ToolCallsAssembler();

  ChoiceAssembler(int index) {
    choice.put("index", index);
    choice.set("message", message);
    choice.putNull("finish_reason");
    message.put("role", "assistant");
    message.putNull("content");
  }

  void add(JsonNode chunk) {
    for (Map.Entry<String, JsonNode> field : chunk.properties()) {
      switch (field.getKey()) {
        case "index", "message" -> {} // a chunk has a delta instead of a message
        case "delta" -> addDelta(field.getValue());
        case "text" -> merge(choice, "text", field.getValue());
        case "logprobs" -> merge(choice, "logprobs", field.getValue());
        default -> replace(choice, field.getKey(), field.getValue());
      }
    }
  }

  JsonNode toNode() {
    ObjectNode whole = choice.deepCopy();
    if (whole.has("text")) {
      whole.remove("message"); // a text's continuation is no message
      return whole;
    }
    if (!calls.isEmpty()) {
      ((ObjectNode) whole.get("message")).set("tool_calls", calls.toNode());
    }
    return whole;
  }

  private void addDelta(JsonNode delta) {
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      switch (field.getKey()) {
        case "tool_calls" -> field.getValue().forEach(calls::add);
        case "function_call" -> addFunctionCall(field.getValue());
        default -> merge(message, field.getKey(), field.getValue());
      }
    }
  }

  private void addFunctionCall(JsonNode call) {
    if (call.isObject()) {
      ToolCallsAssembler.mergeCall(message.withObjectProperty("function_call"), call);
    }
  }

  private static void merge(ObjectNode into, String name, JsonNode value) {
    JsonNode before = into.get(name);
    if (before == null || before.isNull()) {
      into.set(name, value.deepCopy());
    } else if (value.isTextual() && GrowingText.is(before) && TEXTS.contains(name)) {
      into.set(name, GrowingText.join(before, value));
    } else if (value instanceof ArrayNode more && before instanceof ArrayNode list) {
      list.addAll(more);
    } else if (value.isObject() && before instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        merge(object, field.getKey(), field.getValue());
      }
    } else {
      replace(into, name, value);
    }
  }

  private static void replace(ObjectNode into, String name, JsonNode value) {
    if (!value.isNull() || !into.has(name)) {
      into.set(name, value);
    }
  }
}
