package io.iir.api.messages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The system prompt and the turns of a conversation as OpenAI's messages. For one request.
 *
 * <p>A user's turn becomes one message for each tool result in it, then one for all else, to which
 * images and documents of the results belong too: OpenAI's tool messages hold text.
 */
final class Conversation {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ArrayNode messages;
  private final Parts parts;
  private boolean foreign;

  /** Adds to {@code messages}. */
  Conversation(ArrayNode messages, OnlyAnthropic only) {
    this.messages = messages;
    this.parts = new Parts(only);
  }

  /** Whether a turn has something that is not from Anthropic, and that it would refuse. */
  boolean foreign() {
    return foreign;
  }

  /** Adds the system prompt, if there is one. */
  void system(At system) {
    if (!system.absent()) {
      say("system", parts.of(system));
    }
  }

  /** Adds a turn. */
  void turn(At turn) {
    if (!turn.node().isObject()) {
      throw turn.wrong("must be an object such as {\"role\": \"user\", \"content\": \"...\"}");
    }
    At content = turn.field("content");
    if (content.absent()) {
      throw content.wrong("is missing: it must be a string or an array of content blocks");
    }
    switch (turn.field("role").string()) {
      case "user" -> user(content);
      case "assistant" -> assistant(content);
      case "system" -> say("system", parts.of(content));
      default -> throw turn.field("role").wrong("must be \"user\", \"assistant\" or \"system\"");
    }
  }

  private void user(At content) {
    if (!content.node().isArray()) {
      say("user", parts.of(content));
      return;
    }
    List<ObjectNode> said = new ArrayList<>();
    for (At block : content.entries()) {
      if (block.type().equals("tool_result")) {
        result(block, said);
      } else {
        parts.add(block, said);
      }
    }
    if (!said.isEmpty()) {
      say("user", said);
    }
  }

  /** Adds a tool's result; what of it is no text goes to {@code rest}. */
  private void result(At block, List<ObjectNode> rest) {
    String id = block.field("tool_use_id").string();
    List<ObjectNode> texts = new ArrayList<>();
    int before = rest.size();
    for (ObjectNode part : parts.of(block.field("content"))) {
      (part.path("type").asText().equals("text") ? texts : rest).add(part);
    }
    if (texts.isEmpty()) {
      texts.add(Parts.text(rest.size() > before ? "(in the next message)" : ""));
    }
    if (!block.field(Parts.CACHE_CONTROL).absent()) {
      texts.getLast().set(Parts.CACHE_CONTROL, block.field(Parts.CACHE_CONTROL).node());
    }
    ObjectNode message = messages.addObject().put("role", "tool").put("tool_call_id", id);
    content(message, texts);
  }

  private void assistant(At content) {
    if (!content.node().isArray()) {
      say("assistant", parts.of(content));
      return;
    }
    List<ObjectNode> said = new ArrayList<>();
    ArrayNode calls = JSON.arrayNode();
    ArrayNode thoughts = JSON.arrayNode();
    for (At block : content.entries()) {
      switch (block.type()) {
        case "thinking" -> thinking(block, thoughts);
        case "redacted_thinking" ->
            thoughts
                .addObject()
                .put("type", "reasoning.encrypted")
                .put("data", block.field("data").string());
        case "tool_use" -> call(block, calls);
        default -> parts.add(block, said);
      }
    }
    ObjectNode message = messages.addObject().put("role", "assistant");
    if (said.isEmpty()) {
      message.putNull("content");
    } else {
      content(message, said);
    }
    if (!thoughts.isEmpty()) {
      message.set("reasoning_details", thoughts);
    }
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    } else if (said.isEmpty()) {
      message.put("content", "");
    }
  }

  private void thinking(At block, ArrayNode thoughts) {
    ObjectNode thought = thoughts.addObject().put("type", "reasoning.text");
    thought.put("text", block.field("thinking").string());
    String signature = block.field("signature").optional();
    if (signature == null || signature.isEmpty()) {
      foreign = true;
    } else {
      thought.put("signature", signature);
    }
    thought.put("index", thoughts.size() - 1);
  }

  private void call(At block, ArrayNode calls) {
    At input = block.field("input");
    if (!input.node().isObject()) {
      throw input.wrong("must be an object");
    }
    ObjectNode call =
        calls.addObject().put("id", block.field("id").string()).put("type", "function");
    call.putObject("function")
        .put("name", block.field("name").string())
        .put("arguments", input.node().toString());
    if (!block.field(Foreign.EXTRA).absent()) {
      call.set(Foreign.EXTRA, block.field(Foreign.EXTRA).node());
      foreign = true;
    }
  }

  private void say(String role, List<ObjectNode> content) {
    content(messages.addObject().put("role", role), content);
  }

  private static void content(ObjectNode message, List<ObjectNode> parts) {
    if (parts.size() == 1 && isPlainText(parts.getFirst())) {
      message.set("content", parts.getFirst().get("text"));
    } else if (parts.isEmpty()) {
      message.put("content", "");
    } else {
      message.putArray("content").addAll(parts);
    }
  }

  private static boolean isPlainText(ObjectNode part) {
    return part.size() == 2 && part.path("type").asText().equals("text");
  }
}
