package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * How hard a client wants the model to think: by {@code reasoning_effort}, else by {@code
 * reasoning}, OpenRouter's object with {@code effort}, {@code max_tokens} or {@code enabled}.
 *
 * @param field the client's field that says it
 * @param effort how hard; empty: that is not said
 * @param budget how many tokens; 0: that is not said
 * @see <a href="https://openrouter.ai/docs/guides/best-practices/reasoning-tokens">OpenRouter's
 *     reasoning</a>
 */
record Reasoning(String field, String effort, int budget) {

  private static final String OBJECT = "reasoning";

  /** Of {@code chat}; what counts for nothing beside the rest is noted in {@code dropped}. */
  static Reasoning of(JsonNode chat, Set<String> dropped) {
    JsonNode own = chat.path(OBJECT);
    JsonNode effort = chat.path("reasoning_effort");
    JsonNode most = own.path("max_tokens");
    JsonNode enabled = own.path("enabled");
    boolean off = enabled.isBoolean() && !enabled.booleanValue();
    if (own.path("exclude").asBoolean()) {
      dropped.add(OBJECT);
    }
    if (effort.isTextual()) {
      if (off || own.hasNonNull("max_tokens")) {
        dropped.add(OBJECT);
      }
      return new Reasoning("reasoning_effort", effort.asText(), 0);
    }
    if (off) {
      return new Reasoning(OBJECT, "none", 0);
    }
    if (own.path("effort").isTextual()) {
      if (own.hasNonNull("max_tokens")) {
        dropped.add(OBJECT);
      }
      return new Reasoning(OBJECT, own.path("effort").asText(), 0);
    }
    if (most.canConvertToInt() && most.asInt() > 0) {
      return new Reasoning(OBJECT, "", most.asInt());
    }
    if (own.hasNonNull("max_tokens")) {
      dropped.add(OBJECT);
    }
    return new Reasoning(OBJECT, enabled.asBoolean() ? "medium" : "", 0);
  }

  /** Whether it says nothing. */
  boolean isEmpty() {
    return effort.isEmpty() && budget == 0;
  }
}
