package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** The text of a whole chat completion. Stateless. */
public final class CompletionText {

  private CompletionText() {}

  /** The text of the first answer of {@code completion}; empty: it has none. */
  public static String of(byte[] completion) {
    try {
      return content(JsonBytes.TREE.readTree(completion).at("/choices/0/message/content"));
    } catch (IOException e) {
      return "";
    }
  }

  /** The text of a message's {@code content}, its parts behind each other. */
  public static String content(JsonNode content) {
    if (!content.isArray()) {
      return content.asText("");
    }
    StringBuilder parts = new StringBuilder();
    content.forEach(part -> parts.append(part.path("text").asText("")));
    return parts.toString();
  }
}
