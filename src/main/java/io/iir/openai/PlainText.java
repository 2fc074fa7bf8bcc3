package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** Whether a conversation is text and nothing else. Stateless. */
public final class PlainText {

  private static final List<String> MORE = List.of("tool_calls", "function_call", "audio");
  private static final List<String> ROLES = List.of("system", "developer", "user", "assistant");

  private PlainText() {}

  /** Whether all messages of {@code request} are: no sound, no image, no call of a tool. */
  public static boolean isAllOf(ChatRequest request) {
    JsonNode messages;
    try {
      messages = JsonBytes.TREE.readTree(request.body()).path("messages");
    } catch (IOException e) {
      return false;
    }
    for (JsonNode message : messages) {
      if (!ROLES.contains(message.path("role").asText())
          || MORE.stream().anyMatch(message::hasNonNull)
          || !isText(message.path("content"))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(JsonNode content) {
    if (!content.isArray()) {
      return content.isTextual();
    }
    for (JsonNode part : content) {
      if (!part.path("type").asText().equals("text")) {
        return false;
      }
    }
    return true;
  }
}
