package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.Set;

/**
 * Turns messages into Converse's: system messages by themselves, and turns of user and assistant
 * that alternate, results of tools being the user's. For one request.
 */
final class Conversation {

  private static final String USER = "user";
  private static final String ASSISTANT = "assistant";

  private final BedrockModel model;
  private final ArrayNode system;
  private final ArrayNode turns;
  private final Set<String> dropped;
  private final ContentParts parts;

  /** For {@code model}; writes into {@code system} and {@code turns}. */
  Conversation(BedrockModel model, ArrayNode system, ArrayNode turns, Set<String> dropped) {
    this.model = model;
    this.system = system;
    this.turns = turns;
    this.dropped = dropped;
    this.parts = new ContentParts(dropped);
  }

  void read(JsonNode messages) {
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String path = "messages[%d]".formatted(i);
      if (message.path("name").isTextual()) {
        dropped.add("messages[].name");
      }
      switch (message.path("role").asText("")) {
        case "system", "developer" -> parts.texts(message.path("content"), path, system);
        case USER -> add(USER, parts.blocks(message.path("content"), path));
        case ASSISTANT -> add(ASSISTANT, assistant(message, path));
        case "tool" -> add(USER, result(message, path));
        default ->
            throw ApiException.invalidRequest(
                "%s.role must be system, developer, user, assistant or tool.".formatted(path),
                path + ".role");
      }
    }
    boolean prefill = turns.path(turns.size() - 1).path("role").asText("").equals(ASSISTANT);
    if (prefill && model.claude().refusesPrefill()) {
      throw ApiException.invalidRequest(
          "messages must end with the user's: this model does not go on from an assistant"
              + " message.",
          "messages");
    }
  }

  /** Adds to the last turn if it is of the same role. */
  private void add(String role, ArrayNode blocks) {
    if (blocks.isEmpty()) {
      return;
    }
    JsonNode last = turns.path(turns.size() - 1);
    if (last.path("role").asText("").equals(role)) {
      ((ArrayNode) last.path("content")).addAll(blocks);
    } else {
      ObjectNode turn = Trees.object().put("role", role);
      turn.set("content", blocks);
      turns.add(turn);
    }
  }

  private ArrayNode assistant(JsonNode message, String path) {
    if (!message.path("function_call").isEmpty()) {
      throw ApiException.invalidRequest(
          "%s.function_call cannot be carried to Bedrock: send tool_calls.".formatted(path),
          path + ".function_call");
    }
    if (message.path("audio").isObject()) {
      throw ApiException.invalidRequest(
          "%s.audio cannot be carried to Bedrock: send its transcript as content.".formatted(path),
          path + ".audio");
    }
    ArrayNode blocks =
        model.isClaude() ? Thoughts.blocks(message.path("reasoning_details")) : Trees.array();
    blocks.addAll(parts.blocks(message.path("content"), path));
    String refusal = message.path("refusal").asText("");
    if (message.path("refusal").isTextual() && !refusal.isBlank()) {
      blocks.addObject().put("text", refusal);
    }
    JsonNode calls = message.path("tool_calls");
    for (int i = 0; i < calls.size(); i++) {
      blocks.add(
          Trees.object("toolUse", call(calls.get(i), "%s.tool_calls[%d]".formatted(path, i))));
    }
    return blocks;
  }

  private static ObjectNode call(JsonNode call, String path) {
    JsonNode function = call.path("function");
    if (!function.path("name").isTextual()) {
      throw ApiException.invalidRequest(
          "%s is no call of a function, and Bedrock's Converse API knows no others."
              .formatted(path),
          path);
    }
    String text = function.path("arguments").asText("");
    ObjectNode arguments = text.isBlank() ? Trees.object() : Trees.objectIn(text);
    if (arguments == null) {
      throw ApiException.invalidRequest(
          "%s.function.arguments must be a JSON object.".formatted(path),
          path + ".function.arguments");
    }
    ObjectNode use =
        Trees.object()
            .put("toolUseId", ToolIds.fit(call.path("id").asText("")))
            .put("name", function.path("name").asText());
    use.set("input", arguments);
    return use;
  }

  private ArrayNode result(JsonNode message, String path) {
    ObjectNode result =
        Trees.object().put("toolUseId", ToolIds.fit(message.path("tool_call_id").asText("")));
    ArrayNode blocks = Trees.array();
    for (JsonNode block : parts.blocks(message.path("content"), path)) {
      if (!block.has("cachePoint")) {
        blocks.add(block);
      }
    }
    result.set("content", blocks);
    ArrayNode all = Trees.array().add(Trees.object("toolResult", result));
    for (JsonNode part : message.path("content")) {
      CachePoint.after(part, all);
    }
    return all;
  }
}
