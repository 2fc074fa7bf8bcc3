package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.protocol.Claude;
import io.iir.protocol.ClaudeSchema;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns OpenAI's {@code tools}, {@code tool_choice} and {@code parallel_tool_calls} into
 * Anthropic's. Tools of Anthropic's own, such as {@code web_search_20250305}, stay as they are. For
 * one request.
 */
final class Tools {

  /** Tools that Anthropic runs or defines have the day of their version in their type. */
  private static final Pattern DATED = Pattern.compile("\\w+_\\d{8}");

  private final Claude model;
  private final Collection<String> dropped;

  Tools(Claude model, Collection<String> dropped) {
    this.model = model;
    this.dropped = dropped;
  }

  /** Writes the tools of {@code chat} into {@code to}, if there are any. */
  void translate(ObjectNode chat, ObjectNode to) {
    JsonNode tools = chat.path("tools");
    if (tools.isEmpty()) {
      return;
    }
    JsonNode choice = chat.path("tool_choice");
    Set<String> allowed = allowed(choice);
    ArrayNode out = to.putArray("tools");
    for (int i = 0; i < tools.size(); i++) {
      ObjectNode tool = tool(tools.get(i), "tools[" + i + "]");
      if (allowed.isEmpty() || allowed.contains(tool.path("name").asText())) {
        out.add(tool);
      }
    }
    choice(choice, chat.path("parallel_tool_calls"), to);
  }

  private ObjectNode tool(JsonNode tool, String path) {
    String type = tool.path("type").asText("");
    if (tool instanceof ObjectNode own && DATED.matcher(type).matches()) {
      return own;
    }
    JsonNode function = tool.path("function");
    if (!type.equals("function") || !function.path("name").isTextual()) {
      throw ApiException.invalidRequest(
          "%s is of type '%s': Anthropic's Messages API takes functions.".formatted(path, type),
          path + ".type");
    }
    ObjectNode out = to(function);
    if (function.path("strict").asBoolean()) {
      if (model.hasSchemas()) {
        strict(out.put("strict", true));
      } else {
        dropped.add("tools[].function.strict");
      }
    }
    Parts.cache(out, function);
    return Parts.cache(out, tool);
  }

  /** A tool that is called strictly by its schema has one as Claude takes it. */
  private void strict(ObjectNode tool) {
    ClaudeSchema schema = ClaudeSchema.of((ObjectNode) tool.path("input_schema"));
    tool.set("input_schema", schema.schema());
    if (schema.stripped()) {
      dropped.add("tools[].function.parameters");
    }
  }

  private static ObjectNode to(JsonNode function) {
    ObjectNode out = ((ObjectNode) function).objectNode();
    out.set("name", function.path("name"));
    if (function.path("description").isTextual()) {
      out.set("description", function.path("description"));
    }
    if (function.path("parameters") instanceof ObjectNode schema) {
      out.set(
          "input_schema", schema.has("type") ? schema : schema.deepCopy().put("type", "object"));
    } else {
      out.putObject("input_schema").put("type", "object").putObject("properties");
    }
    return out;
  }

  private static Set<String> allowed(JsonNode choice) {
    Set<String> names = new HashSet<>();
    for (JsonNode tool : choice.path("allowed_tools").path("tools")) {
      names.add(tool.path("function").path("name").asText(tool.path("name").asText("")));
    }
    return names;
  }

  private void choice(JsonNode choice, JsonNode parallel, ObjectNode to) {
    JsonNode mode = choice.isTextual() ? choice : choice.path("allowed_tools").path("mode");
    String word = mode.asText("");
    JsonNode name = choice.path("function").path("name");
    String type =
        switch (word) {
          case "none" -> "none";
          case "required" -> "any";
          default -> name.isTextual() ? "tool" : "auto";
        };
    if (choice.path("type").asText("").equals("custom")) {
      throw ApiException.invalidRequest(
          "tool_choice names a custom tool: Anthropic has functions only.", "tool_choice");
    }
    if (isForced(type) && model.refusesForcedTools()) {
      throw ApiException.invalidRequest(
          "tool_choice forces a tool, which this model refuses: send \"auto\" and say it in the"
              + " prompt.",
          "tool_choice");
    }
    boolean oneByOne = parallel.isBoolean() && !parallel.booleanValue() && !type.equals("none");
    if (choice.isMissingNode() || choice.isNull()) {
      if (oneByOne) {
        to.putObject("tool_choice").put("type", "auto").put("disable_parallel_tool_use", true);
      }
      return;
    }
    ObjectNode out = to.putObject("tool_choice").put("type", type);
    if (type.equals("tool")) {
      out.set("name", name);
    }
    if (oneByOne) {
      out.put("disable_parallel_tool_use", true);
    }
  }

  /** Whether the {@code tool_choice} of a request for Anthropic makes the model call a tool. */
  static boolean isForced(String type) {
    return type.equals("any") || type.equals("tool");
  }
}
