package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A request's {@code tools} and {@code tool_choice} as a chat request has them: there a tool's
 * fields stand beside its type, here they are within an object of the type's name. Stateless.
 */
final class ToolFields {

  private static final List<String> FUNCTION =
      List.of("name", "description", "parameters", "strict");
  private static final List<String> CUSTOM = List.of("name", "description", "format");
  private static final String OWN =
      "tools of type 'function' and 'custom', which the client runs itself; OpenAI's built-in"
          + " tools run at OpenAI alone";

  private ToolFields() {}

  /** Writes into {@code chat} what {@code request} says of tools. */
  static void write(ObjectNode request, ObjectNode chat) {
    ArrayNode tools = tools(request.path("tools"));
    JsonNode choice = request.path("tool_choice");
    if (choice.isTextual()) {
      chat.set("tool_choice", choice);
    } else if (choice instanceof ObjectNode given) {
      choice(given, tools, chat);
    } else if (!choice.isMissingNode() && !choice.isNull()) {
      throw Refusal.mustBe("tool_choice", "a string or an object");
    }
    if (tools.isEmpty()) {
      chat.remove("tool_choice"); // there is nothing to choose from, and chats refuse to be told
      return;
    }
    chat.set("tools", tools);
    if (request.path("parallel_tool_calls").isBoolean()) {
      chat.set("parallel_tool_calls", request.get("parallel_tool_calls"));
    }
  }

  private static ArrayNode tools(JsonNode given) {
    ArrayNode tools = JsonBytes.TREE.createObjectNode().arrayNode();
    if (!given.isArray() && !given.isMissingNode() && !given.isNull()) {
      throw Refusal.mustBe("tools", "an array");
    }
    for (int i = 0; i < given.size(); i++) {
      tools.add(tool(given.get(i), "tools[%d]".formatted(i)));
    }
    return tools;
  }

  private static ObjectNode tool(JsonNode given, String path) {
    String type = given.path("type").asText();
    if (!type.equals("function") && !type.equals("custom")) {
      throw Refusal.unknownType(path + ".type", given.path("type"), OWN);
    }
    if (!given.path("name").isTextual()) {
      throw Refusal.mustBe(path + ".name", "a string");
    }
    ObjectNode tool = JsonBytes.TREE.createObjectNode().put("type", type);
    ObjectNode inner = tool.putObject(type);
    for (String field : type.equals("function") ? FUNCTION : CUSTOM) {
      if (given.hasNonNull(field)) {
        inner.set(field, field.equals("format") ? format(given.get(field)) : given.get(field));
      }
    }
    if (given.has("cache_control")) {
      tool.set("cache_control", given.get("cache_control"));
    }
    return tool;
  }

  /** A grammar's definition stands beside the type there and within an object here. */
  private static JsonNode format(JsonNode given) {
    if (!given.path("type").asText().equals("grammar")) {
      return given;
    }
    ObjectNode format = JsonBytes.TREE.createObjectNode().put("type", "grammar");
    ObjectNode grammar = format.putObject("grammar");
    grammar.set("syntax", given.path("syntax"));
    grammar.set("definition", given.path("definition"));
    return format;
  }

  private static void choice(ObjectNode given, ArrayNode tools, ObjectNode chat) {
    String type = given.path("type").asText();
    switch (type) {
      case "function", "custom" -> {
        if (!given.path("name").isTextual()) {
          throw Refusal.mustBe("tool_choice.name", "a string");
        }
        ObjectNode choice = chat.putObject("tool_choice").put("type", type);
        choice.putObject(type).set("name", given.get("name"));
      }
      case "allowed_tools" -> allowed(given, tools, chat);
      default -> throw Refusal.unknownType("tool_choice.type", given.path("type"), OWN);
    }
  }

  /** Leaves the allowed tools alone, which every model understands. */
  private static void allowed(ObjectNode given, ArrayNode tools, ObjectNode chat) {
    Set<String> names = new HashSet<>();
    JsonNode list = given.path("tools");
    for (int i = 0; i < list.size(); i++) {
      if (!list.get(i).path("name").isTextual()) {
        throw Refusal.unknownType(
            "tool_choice.tools[%d].type".formatted(i), list.get(i).path("type"), OWN);
      }
      names.add(list.get(i).path("name").asText());
    }
    for (int i = tools.size() - 1; i >= 0; i--) {
      String type = tools.get(i).path("type").asText();
      if (!names.contains(tools.get(i).path(type).path("name").asText())) {
        tools.remove(i);
      }
    }
    chat.set("tool_choice", given.path("mode"));
  }
}
