package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.HashSet;
import java.util.Set;

/**
 * {@code tools} as {@code functionDeclarations} and {@code tool_choice} as {@code toolConfig}.
 *
 * @see <a href="https://ai.google.dev/api/caching#Tool">Gemini's Tool and ToolConfig</a>
 */
final class ToolSettings {

  private ToolSettings() {}

  static void into(ObjectNode body, JsonNode chat, Set<String> dropped) {
    JsonNode tools = chat.path("tools");
    if (tools.isEmpty()) {
      return;
    }
    JsonNode choice = chat.path("tool_choice");
    Set<String> allowed = allowed(choice);
    ArrayNode declarations = Trees.array();
    for (int i = 0; i < tools.size(); i++) {
      ObjectNode declaration = declaration(tools.get(i), "tools[%d]".formatted(i), dropped);
      if (allowed.isEmpty() || allowed.contains(declaration.path("name").asText())) {
        declarations.add(declaration);
      }
    }
    body.set("tools", Trees.array().add(Trees.object("functionDeclarations", declarations)));
    if (!choice.isMissingNode() && !choice.isNull()) {
      body.set("toolConfig", Trees.object("functionCallingConfig", calling(choice)));
    }
  }

  private static ObjectNode declaration(JsonNode tool, String path, Set<String> dropped) {
    String type = tool.path("type").asText();
    if (!type.equals("function")) {
      throw ApiException.invalidRequest(
          "'%s.type' is '%s'; Gemini takes tools of type function only.".formatted(path, type),
          path + ".type");
    }
    JsonNode function = tool.path("function");
    ObjectNode declaration =
        Trees.object().put("name", Trees.text(function, "name", path + ".function"));
    JsonNode description = Trees.value(function, "description");
    if (description != null) {
      declaration.set("description", description);
    }
    JsonNode parameters = Trees.value(function, "parameters");
    if (parameters != null) {
      declaration.set("parametersJsonSchema", parameters);
    }
    if (function.path("strict").asBoolean()) {
      dropped.add("tools[].function.strict");
    }
    if (Trees.value(tool, "cache_control") != null) {
      dropped.add("tools[].cache_control");
    }
    return declaration;
  }

  private static ObjectNode calling(JsonNode choice) {
    ObjectNode config = Trees.object();
    if (choice.isTextual()) {
      return config.put(
          "mode",
          switch (choice.asText()) {
            case "auto" -> "AUTO";
            case "none" -> "NONE";
            case "required", "any" -> "ANY";
            default -> throw unknown("'%s'".formatted(choice.asText()));
          });
    }
    String type = choice.path("type").asText();
    switch (type) {
      case "function" -> {
        String name = Trees.text(choice.path("function"), "name", "tool_choice.function");
        config.put("mode", "ANY").set("allowedFunctionNames", Trees.array().add(name));
      }
      case "allowed_tools" -> {
        boolean must = choice.path(type).path("mode").asText().equals("required");
        config.put("mode", must ? "ANY" : "AUTO");
      }
      default -> throw unknown("of type '%s'".formatted(type));
    }
    return config;
  }

  /** The functions that may be called; empty: all. */
  private static Set<String> allowed(JsonNode choice) {
    Set<String> names = new HashSet<>();
    for (JsonNode tool : choice.path("allowed_tools").path("tools")) {
      names.add(tool.path("function").path("name").asText());
    }
    return names;
  }

  private static ApiException unknown(String what) {
    return ApiException.invalidRequest(
        "'tool_choice' is %s; Gemini takes auto, none, required, one function or allowed_tools."
            .formatted(what),
        "tool_choice");
  }
}
