package io.iir.api.messages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The tools of a request, and how the model is to use them, in OpenAI's form. */
final class Tools {

  private Tools() {}

  /** Puts {@code tools} and {@code tool_choice} of {@code request} into {@code out}. */
  static void put(At request, ObjectNode out, OnlyAnthropic only) {
    ArrayNode tools = out.arrayNode();
    for (At tool : request.field("tools").entries()) {
      String type = type(tool);
      if (type == null || type.equals("custom")) {
        tools.add(function(tool, out));
      } else if (!type.startsWith("tool_search_tool")) { // finds tools among those given anyway
        only.note(tool.field("type"), "the tool '%s'".formatted(type));
        tools.add(tool.node().deepCopy());
      }
    }
    if (!tools.isEmpty()) {
      out.set("tools", tools);
      choice(request.field("tool_choice"), out);
    }
  }

  private static @Nullable String type(At tool) {
    if (!tool.node().isObject()) {
      throw tool.wrong("must be an object");
    }
    return tool.field("type").optional();
  }

  private static ObjectNode function(At tool, ObjectNode out) {
    At schema = tool.field("input_schema");
    if (!schema.node().isObject()) {
      throw schema.wrong("must be a JSON schema, an object");
    }
    ObjectNode made = out.objectNode().put("type", "function");
    ObjectNode function = made.putObject("function").put("name", tool.field("name").string());
    String description = tool.field("description").optional();
    if (description != null) {
      function.put("description", description);
    }
    function.set("parameters", schema.node());
    if (tool.field("strict").isTrue()) {
      function.put("strict", true);
    }
    if (!tool.field(Parts.CACHE_CONTROL).absent()) {
      made.set(Parts.CACHE_CONTROL, tool.field(Parts.CACHE_CONTROL).node());
    }
    return made;
  }

  private static void choice(At choice, ObjectNode out) {
    if (choice.absent()) {
      return;
    }
    switch (choice.type()) {
      case "auto" -> out.put("tool_choice", "auto");
      case "any" -> out.put("tool_choice", "required");
      case "none" -> out.put("tool_choice", "none");
      case "tool" ->
          out.putObject("tool_choice")
              .put("type", "function")
              .putObject("function")
              .put("name", choice.field("name").string());
      default ->
          throw choice.field("type").wrong("must be \"auto\", \"any\", \"tool\" or \"none\"");
    }
    if (choice.field("disable_parallel_tool_use").isTrue()) {
      out.put("parallel_tool_calls", false);
    }
  }
}
