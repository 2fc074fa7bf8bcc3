package io.iir.protocol.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.openai.JsonBytes;
import org.jspecify.annotations.Nullable;

/** JSON trees: made, and asked with errors that name the place. */
final class Trees {

  private Trees() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** An object of one field. */
  static ObjectNode object(String name, JsonNode value) {
    ObjectNode object = object();
    object.set(name, value);
    return object;
  }

  /** The value of a field; null if it is absent or null, which mean the same in OpenAI's API. */
  static @Nullable JsonNode value(JsonNode in, String name) {
    JsonNode value = in.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** The text of a field that must be there. */
  static String text(JsonNode in, String name, String path) {
    JsonNode value = in.path(name);
    if (!value.isTextual()) {
      throw ApiException.invalidRequest(
          "'%s.%s' must be a string.".formatted(path, name), path + "." + name);
    }
    return value.asText();
  }

  /** An object that a text holds as JSON; null if it holds none. */
  static @Nullable ObjectNode objectIn(String text) {
    if (!text.stripLeading().startsWith("{")) {
      return null;
    }
    try {
      return JsonBytes.TREE.readTree(text) instanceof ObjectNode object ? object : null;
    } catch (JsonProcessingException notJson) {
      return null;
    }
  }
}
