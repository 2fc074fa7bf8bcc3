package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Turns {@code tools} and {@code tool_choice} into a {@code toolConfig}. Stateless.
 *
 * <p>Converse wants one wherever a message calls a tool or holds a result. Where the request has no
 * tools, or says {@code "tool_choice": "none"}, the tools that were called are named in it, and
 * nothing makes the model call one.
 */
final class ConverseTools {

  private ConverseTools() {}

  /** Writes into {@code body}, whose messages are there, what {@code chat} says of tools. */
  static void into(ObjectNode body, JsonNode chat, BedrockModel model, Set<String> dropped) {
    JsonNode choice = chat.path("tool_choice");
    boolean none = choice.asText("").equals("none");
    Set<String> called = called(body.path("messages"));
    if (none && !chat.path("tools").isEmpty() && !called.isEmpty()) {
      dropped.add("tool_choice");
    }
    ArrayNode tools = none && called.isEmpty() ? Trees.array() : tools(chat.path("tools"), choice);
    if (tools.isEmpty()) {
      called.forEach(name -> tools.add(Trees.object("toolSpec", spec(name))));
    }
    if (tools.isEmpty()) {
      return;
    }
    ObjectNode config = Trees.object("tools", tools);
    ObjectNode wanted = chat.path("tools").isEmpty() ? Trees.object() : choice(choice);
    if ((wanted.has("any") || wanted.has("tool")) && model.claude().refusesForcedTools()) {
      throw ApiException.invalidRequest(
          "tool_choice forces a tool, which this model refuses: send \"auto\" and say it in the"
              + " prompt.",
          "tool_choice");
    }
    if (!wanted.isEmpty()) {
      config.set("toolChoice", wanted);
    }
    body.set("toolConfig", config);
  }

  private static ArrayNode tools(JsonNode tools, JsonNode choice) {
    Set<String> allowed = allowed(choice);
    ArrayNode all = Trees.array();
    for (int i = 0; i < tools.size(); i++) {
      JsonNode tool = tools.get(i);
      JsonNode function = tool.path("function");
      if (!function.path("name").isTextual()) {
        String path = "tools[%d]".formatted(i);
        throw ApiException.invalidRequest(
            "%s is of type '%s': Bedrock's Converse API takes functions."
                .formatted(path, tool.path("type").asText("")),
            path + ".type");
      }
      if (allowed.isEmpty() || allowed.contains(function.path("name").asText())) {
        all.add(Trees.object("toolSpec", spec(function)));
        CachePoint.after(function.has("cache_control") ? function : tool, all);
      }
    }
    return all;
  }

  private static ObjectNode spec(JsonNode function) {
    ObjectNode spec = spec(function.path("name").asText());
    if (!function.path("description").asText("").isBlank()) {
      spec.set("description", function.path("description"));
    }
    if (function.path("parameters") instanceof ObjectNode schema && !schema.isEmpty()) {
      spec.set("inputSchema", Trees.object("json", schema));
    }
    if (function.path("strict").asBoolean()) {
      spec.put("strict", true);
    }
    return spec;
  }

  private static ObjectNode spec(String name) {
    ObjectNode any = Trees.object().put("type", "object");
    any.putObject("properties");
    ObjectNode spec = Trees.object().put("name", name);
    spec.set("inputSchema", Trees.object("json", any));
    return spec;
  }

  private static Set<String> called(JsonNode messages) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode message : messages) {
      for (JsonNode block : message.path("content")) {
        if (block.has("toolUse")) {
          names.add(block.path("toolUse").path("name").asText());
        }
      }
    }
    return names;
  }

  private static Set<String> allowed(JsonNode choice) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode tool : choice.path("allowed_tools").path("tools")) {
      names.add(tool.path("function").path("name").asText(tool.path("name").asText("")));
    }
    return names;
  }

  /** Empty: the model chooses, as it does anyway. */
  private static ObjectNode choice(JsonNode choice) {
    JsonNode mode = choice.isTextual() ? choice : choice.path("allowed_tools").path("mode");
    String word = mode.asText("");
    JsonNode name = choice.path("function").path("name");
    if (name.isTextual()) {
      return Trees.object("tool", Trees.object("name", name));
    }
    if (choice.path("type").asText("").equals("custom")) {
      throw ApiException.invalidRequest(
          "tool_choice names a custom tool: Bedrock's Converse API has functions only.",
          "tool_choice");
    }
    return switch (word) {
      case "required" -> Trees.object("any", Trees.object());
      case "auto" -> Trees.object("auto", Trees.object());
      default -> Trees.object();
    };
  }
}
