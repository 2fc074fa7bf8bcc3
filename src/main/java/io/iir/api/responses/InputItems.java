package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items of a request's {@code input} as chat messages. What the model itself did in one turn
 * (reasoning, texts, calls) is several items there and one {@code assistant} message here, for a
 * chat wants the results of calls right behind the message that has the calls. Used once.
 */
final class InputItems {

  private static final String KNOWN =
      "message, reasoning, function_call, function_call_output, custom_tool_call and"
          + " custom_tool_call_output";

  private final ArrayNode messages;
  private final KeptItems kept;
  private @Nullable ObjectNode turn;

  /** Adds to {@code messages}; references are to {@code kept}. */
  InputItems(ArrayNode messages, KeptItems kept) {
    this.messages = messages;
    this.kept = kept;
  }

  /** Adds {@code text}, if there is any, as what the model is told first. */
  void instructions(JsonNode text) {
    if (text.isTextual()) {
      say("system", text);
    } else if (!text.isNull() && !text.isMissingNode()) {
      throw Refusal.mustBe("instructions", "a string");
    }
  }

  /** Adds all of {@code input}. */
  void add(JsonNode input) {
    if (input.isTextual()) {
      say("user", input);
      return;
    }
    if (!input.isArray() || input.isEmpty()) {
      throw Refusal.mustBe("input", "a string or an array of at least one item");
    }
    for (int i = 0; i < input.size(); i++) {
      String path = "input[%d]".formatted(i);
      if (!(input.get(i) instanceof ObjectNode item)) {
        throw Refusal.mustBe(path, "an object such as {\"role\": \"user\", \"content\": \"...\"}");
      }
      item(item, path);
    }
  }

  private void item(ObjectNode item, String path) {
    JsonNode type = item.path("type");
    String name = type.isMissingNode() && item.has("role") ? "message" : type.asText();
    switch (name) {
      case "message" -> message(item, path);
      case "reasoning" -> reasoning(item);
      case "function_call" -> call(item, path, "function", "arguments");
      case "custom_tool_call" -> call(item, path, "custom", "input");
      case "function_call_output", "custom_tool_call_output" -> result(item, path);
      case "item_reference" -> item(referred(item, path), path);
      default -> throw Refusal.unknownType(path + ".type", type, KNOWN);
    }
  }

  private ObjectNode referred(ObjectNode reference, String path) {
    ObjectNode item = kept.find(string(reference, "id", path).asText());
    if (item == null) {
      throw Refusal.notHere(
          path + ".id",
          "no item of this id is kept here, or not any more; send the item itself, as clients do"
              + " with 'store': false");
    }
    return item;
  }

  private void message(ObjectNode item, String path) {
    JsonNode content = ContentParts.of(item.path("content"), path + ".content");
    switch (item.path("role").asText()) {
      case "user" -> say("user", content);
      // Every model knows the one, few know the other; to OpenAI's both are the same.
      case "system", "developer" -> say("system", content);
      case "assistant" -> assistant(content);
      default ->
          throw Refusal.mustBe(path + ".role", "'user', 'assistant', 'system' or 'developer'");
    }
  }

  /** A message of its own; of the system's, texts that follow each other are one. */
  private void say(String role, JsonNode content) {
    turn = null;
    if (role.equals("system")
        && messages.size() > 0
        && messages.get(messages.size() - 1) instanceof ObjectNode last
        && last.path("role").asText().equals(role)
        && last.path("content").isTextual()
        && content.isTextual()) {
      last.put("content", last.path("content").asText() + "\n\n" + content.asText());
    } else {
      messages.addObject().put("role", role).set("content", content);
    }
  }

  private void assistant(JsonNode content) {
    ObjectNode message = turn();
    JsonNode before = message.path("content");
    if (before.isNull()) {
      message.set("content", content);
    } else {
      message.set("content", parts(before).addAll(parts(content)));
    }
  }

  private static ArrayNode parts(JsonNode content) {
    ArrayNode parts = JsonBytes.TREE.createObjectNode().arrayNode();
    if (content instanceof ArrayNode list) {
      return parts.addAll(list);
    }
    parts.addObject().put("type", "text").set("text", content);
    return parts;
  }

  private void reasoning(ObjectNode item) {
    ObjectNode message = turn();
    ArrayNode details = ReasoningToken.unpack(item.path("encrypted_content").asText(""));
    if (details != null) {
      message.withArray("reasoning_details").addAll(details);
    }
    JsonNode texts = item.path("content").isEmpty() ? item.path("summary") : item.path("content");
    List<String> all = new ArrayList<>();
    if (message.hasNonNull("reasoning_content")) {
      all.add(message.path("reasoning_content").asText());
    }
    texts.forEach(part -> all.add(part.path("text").asText("")));
    if (!all.isEmpty()) {
      message.put("reasoning_content", String.join("\n\n", all));
    }
  }

  private void call(ObjectNode item, String path, String type, String inputField) {
    ObjectNode call = turn().withArray("tool_calls").addObject();
    call.set("id", string(item, "call_id", path));
    ObjectNode function = call.put("type", type).putObject(type);
    function.set("name", string(item, "name", path));
    function.set(inputField, string(item, inputField, path));
    if (item.path("extra_content").isObject()) {
      call.set("extra_content", item.get("extra_content"));
    }
  }

  private void result(ObjectNode item, String path) {
    turn = null;
    ObjectNode message = messages.addObject().put("role", "tool");
    message.set("tool_call_id", string(item, "call_id", path));
    message.set("content", ContentParts.of(item.path("output"), path + ".output"));
  }

  /** The message of the model's current turn. */
  private ObjectNode turn() {
    ObjectNode message = turn;
    if (message == null) {
      message = messages.addObject().put("role", "assistant").putNull("content");
      turn = message;
    }
    return message;
  }

  private static JsonNode string(ObjectNode item, String name, String path) {
    JsonNode value = item.path(name);
    if (!value.isTextual()) {
      throw Refusal.mustBe(path + "." + name, "a string");
    }
    return value;
  }
}
