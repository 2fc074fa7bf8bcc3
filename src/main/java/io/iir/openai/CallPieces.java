package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A call of a tool or function cut for a stream: first all of it but its arguments (or a custom
 * tool's input), which then follow in pieces.
 */
final class CallPieces {

  private final ObjectNode head;
  private final List<ObjectNode> pieces = new ArrayList<>();

  private CallPieces(ObjectNode call) {
    head = call.deepCopy();
    pieces.add(head);
  }

  static List<ObjectNode> of(ObjectNode call) {
    CallPieces cut = new CallPieces(call);
    for (Map.Entry<String, JsonNode> field : call.properties()) {
      if (field.getValue() instanceof ObjectNode inner) {
        cut.inner(field.getKey(), inner);
      } else if (isText(field.getKey(), field.getValue())) {
        cut.head.put(field.getKey(), "");
        for (String piece : ChunkWriter.pieces(field.getValue().asText())) {
          cut.pieces.add(JsonBytes.TREE.createObjectNode().put(field.getKey(), piece));
        }
      }
    }
    return cut.pieces;
  }

  private void inner(String name, ObjectNode function) {
    List<ObjectNode> inside = of(function);
    head.set(name, inside.getFirst());
    for (ObjectNode piece : inside.subList(1, inside.size())) {
      ObjectNode outer = JsonBytes.TREE.createObjectNode();
      outer.set(name, piece);
      pieces.add(outer);
    }
  }

  private static boolean isText(String name, JsonNode value) {
    return value.isTextual() && (name.equals("arguments") || name.equals("input"));
  }
}
