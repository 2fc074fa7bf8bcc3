package io.iir.protocol.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.openai.JsonBytes;
import io.iir.protocol.Claude;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns OpenAI's {@code messages} into Anthropic's {@code system} and {@code messages}. For one
 * request.
 *
 * <p>System and developer messages before the first turn become {@code system}. Later ones go
 * behind the user's turn that is next to them where the model takes system messages there, else
 * into {@code system}, too, as Anthropic's own OpenAI endpoint does it. What one side says in
 * several messages is one turn: so all results of parallel tool calls are in the one message that
 * Anthropic wants them in, before anything else that the user says.
 *
 * @see <a href="https://platform.claude.com/docs/en/cli-sdks-libraries/libraries/openai-sdk">OpenAI
 *     SDK compatibility</a>
 */
final class Conversation {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Claude model;
  private final Parts parts;
  private final Collection<String> dropped;
  private final List<Turn> turns = new ArrayList<>();
  private final Turn system = new Turn("system");
  private @Nullable Turn later;

  /** Names what it leaves out in {@code dropped}. */
  Conversation(Claude model, Collection<String> dropped) {
    this.model = model;
    this.parts = new Parts(dropped);
    this.dropped = dropped;
  }

  /** Reads {@code messages} and writes {@code system} and {@code messages} into {@code to}. */
  void translate(JsonNode messages, ObjectNode to) {
    for (int i = 0; i < messages.size(); i++) {
      add(messages.get(i), "messages[" + i + "]");
    }
    placeLater();
    if (turns.isEmpty()) {
      throw ApiException.invalidRequest(
          "messages must have one that is not a system message and not empty.", "messages");
    }
    Turn last = turns.getLast();
    if (last.is("assistant")) {
      if (model.refusesPrefill()) {
        throw ApiException.invalidRequest(
            "messages must end with the user's: this model does not go on from an assistant"
                + " message.",
            "messages");
      }
      last.strip();
    }
    if (!system.isEmpty()) {
      to.set("system", system.message().path("content"));
    }
    ArrayNode out = to.putArray("messages");
    turns.forEach(turn -> out.add(turn.message()));
  }

  private void add(JsonNode message, String path) {
    String role = message.path("role").asText("");
    JsonNode content = message.path("content");
    if (message.hasNonNull("name") && !role.equals("tool")) {
      dropped.add("messages[].name");
    }
    switch (role) {
      case "system", "developer" -> {
        if (!turns.isEmpty() && later == null) {
          later = new Turn("system");
        }
        Turn to = later == null ? system : later;
        to.add(parts.blocks(content, path + ".content"), content);
      }
      case "user" -> say("user", parts.blocks(content, path + ".content"), content);
      case "assistant" -> assistant(message, content, path);
      case "tool" -> say("user", NODES.arrayNode().add(result(message, path)), NODES.nullNode());
      default ->
          throw ApiException.invalidRequest(
              "%s.role is '%s': Anthropic's Messages API knows system, developer, user, assistant and tool."
                  .formatted(path, role),
              path + ".role");
    }
  }

  private void say(String role, ArrayNode said, JsonNode content) {
    if (said.isEmpty()) {
      return;
    }
    if (role.equals("assistant")) {
      placeLater();
    }
    Turn turn = turns.isEmpty() || !turns.getLast().is(role) ? new Turn(role) : turns.getLast();
    if (turn.isEmpty()) {
      turns.add(turn);
    }
    turn.add(said, content);
  }

  /** System messages that came after the first turn find their place. */
  private void placeLater() {
    Turn pending = later;
    later = null;
    if (pending == null || pending.isEmpty()) {
      return;
    }
    if (model.hasLaterSystem() && turns.getLast().is("user")) {
      turns.add(pending);
    } else {
      system.add(pending.blocks(), NODES.nullNode());
    }
  }

  private void assistant(JsonNode message, JsonNode content, String path) {
    if (message.path("function_call").isObject()) {
      throw ApiException.invalidRequest(
          path + ".function_call is of the older form: send tool_calls.", path + ".function_call");
    }
    if (message.path("audio").isObject()) {
      throw ApiException.invalidRequest(
          path + ".audio is not at Anthropic: send its transcript as content.", path + ".audio");
    }
    ArrayNode blocks = ThoughtBlocks.of(message.path("reasoning_details"));
    blocks.addAll(parts.blocks(content, path + ".content"));
    if (message.path("refusal").isTextual() && content.isNull()) {
      blocks.add(
          NODES.objectNode().put("type", "text").put("text", message.path("refusal").asText()));
    }
    JsonNode calls = message.path("tool_calls");
    for (int i = 0; i < calls.size(); i++) {
      blocks.add(toolUse(calls.get(i), path + ".tool_calls[" + i + "]"));
    }
    say("assistant", blocks, content);
  }

  private static ObjectNode toolUse(JsonNode call, String path) {
    JsonNode function = call.path("function");
    if (!function.path("name").isTextual()) {
      throw ApiException.invalidRequest(
          path + " must call a function: Anthropic has no custom tools.", path);
    }
    ObjectNode block =
        NODES
            .objectNode()
            .put("type", "tool_use")
            .put("id", id(call.path("id").asText("")))
            .put("name", function.path("name").asText());
    block.set("input", input(function.path("arguments").asText(""), path + ".function.arguments"));
    return Parts.cache(block, call);
  }

  private static JsonNode input(String arguments, String path) {
    if (arguments.isBlank()) {
      return NODES.objectNode();
    }
    try {
      JsonNode input = JsonBytes.TREE.readTree(arguments);
      if (input.isObject()) {
        return input;
      }
    } catch (JsonProcessingException e) {
      // said below
    }
    throw ApiException.invalidRequest(
        path + " must be a JSON object in a string: Anthropic takes no other input of a tool.",
        path);
  }

  /** The result of a tool: a string stays one. */
  private ObjectNode result(JsonNode message, String path) {
    ObjectNode block =
        NODES
            .objectNode()
            .put("type", "tool_result")
            .put("tool_use_id", id(message.path("tool_call_id").asText("")));
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      block.set("content", content);
    } else {
      ArrayNode blocks = parts.blocks(content, path + ".content");
      if (!blocks.isEmpty()) {
        block.set("content", blocks);
      }
    }
    if (message.path("is_error").asBoolean()) {
      block.put("is_error", true);
    }
    return Parts.cache(block, message);
  }

  /** Ids of other vendors have characters that Anthropic refuses. */
  private static String id(String id) {
    return id.replaceAll("[^a-zA-Z0-9_-]", "_");
  }
}
