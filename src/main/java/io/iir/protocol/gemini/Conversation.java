package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The messages of a chat as Gemini's {@code contents} and {@code systemInstruction}. Messages of
 * one role in a row become one content; results of functions stay apart from what a user says. For
 * one request.
 *
 * @see <a href="https://ai.google.dev/api/caching#Content">Gemini's Content</a>
 */
final class Conversation {

  /** Who speaks, and with what. */
  private enum Turn {
    USER("user"),
    MODEL("model"),
    RESULTS("user");

    private final String role;

    Turn(String role) {
      this.role = role;
    }
  }

  private final Set<String> dropped;
  private final ContentParts parts;
  private final FunctionTurns functions;
  private final ArrayNode contents = Trees.array();
  private final ArrayNode system = Trees.array();
  private ArrayNode said = Trees.array();
  private Turn last = Turn.USER;

  Conversation(GeminiModel model, Set<String> dropped) {
    this.dropped = dropped;
    this.parts = new ContentParts(dropped);
    this.functions = new FunctionTurns(model, parts);
  }

  /** Puts {@code messages} into the request {@code body}. */
  void into(ObjectNode body, JsonNode messages) {
    for (int i = 0; i < messages.size(); i++) {
      message(messages.get(i), "messages[%d]".formatted(i));
    }
    append(Turn.RESULTS, functions.results());
    if (contents.isEmpty()) { // Gemini wants one, so the system's words stand for the user's
      contents.add(Trees.object().put("role", Turn.USER.role).set("parts", system));
    } else if (!system.isEmpty()) {
      body.set("systemInstruction", Trees.object("parts", system));
    }
    body.set("contents", contents);
  }

  private void message(JsonNode message, String path) {
    String role = message.path("role").asText();
    if (role.equals("tool")) {
      functions.result(message, path);
      return;
    }
    append(Turn.RESULTS, functions.results());
    if (Trees.value(message, "name") != null) {
      dropped.add("messages[].name");
    }
    List<ObjectNode> content = parts.of(Trees.value(message, "content"), path + ".content");
    switch (role) {
      case "system", "developer" -> system(content, path);
      case "user" -> append(Turn.USER, content);
      case "assistant" -> append(Turn.MODEL, assistant(message, content, path));
      default ->
          throw ApiException.invalidRequest(
              "'%s.role' is '%s'; it must be system, developer, user, assistant or tool."
                  .formatted(path, role),
              path + ".role");
    }
  }

  private void system(List<ObjectNode> content, String path) {
    if (content.stream().anyMatch(part -> !part.has("text"))) {
      throw ApiException.invalidRequest(
          "'%s.content' has a part that is no text: Gemini takes text only from the system."
              .formatted(path),
          path + ".content");
    }
    system.addAll(content);
  }

  private List<ObjectNode> assistant(JsonNode message, List<ObjectNode> content, String path) {
    for (String field : List.of("audio", "function_call")) {
      if (Trees.value(message, field) != null) {
        throw ApiException.invalidRequest(
            "'%s.%s' cannot be given to Gemini; send 'content' or 'tool_calls'."
                .formatted(path, field),
            path + "." + field);
      }
    }
    for (String field : List.of("reasoning_content", "reasoning_details")) {
      if (Trees.value(message, field) != null) {
        dropped.add("messages[]." + field);
      }
    }
    List<ObjectNode> all = new ArrayList<>(content);
    JsonNode refusal = Trees.value(message, "refusal");
    if (refusal != null && all.isEmpty()) {
      all.add(ContentParts.text(refusal.asText()));
    }
    all.removeIf(part -> part.has("text") && part.path("text").asText().isEmpty());
    String signature = FunctionTurns.signature(message);
    if (signature != null) {
      if (all.isEmpty()) {
        all.add(ContentParts.text(""));
      }
      all.getLast().put("thoughtSignature", signature);
    }
    all.addAll(functions.calls(message, path));
    return all;
  }

  private void append(Turn turn, List<ObjectNode> more) {
    if (more.isEmpty()) {
      return;
    }
    if (contents.isEmpty() || turn != last) {
      said = Trees.array();
      contents.add(Trees.object().put("role", turn.role).set("parts", said));
      last = turn;
    }
    said.addAll(more);
  }
}
