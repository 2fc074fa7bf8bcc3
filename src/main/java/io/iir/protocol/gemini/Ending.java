package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Why a candidate ended, in OpenAI's words.
 *
 * @param finishReason {@code stop}, {@code length}, {@code tool_calls} or {@code content_filter}
 * @param refusal what a blocked answer is told with; null: it was not blocked
 * @param failure why there is no answer at all; null: there is one
 * @see <a href="https://ai.google.dev/api/generate-content#FinishReason">FinishReason</a>
 */
record Ending(String finishReason, @Nullable String refusal, @Nullable String failure) {

  private static final String STOP = "stop";
  private static final String BLOCKED = "content_filter";

  /** The end of {@code candidate}, which has a finish reason. */
  static Ending of(JsonNode candidate, boolean calls, boolean said) {
    String reason = candidate.path("finishReason").asText();
    return switch (reason) {
      case "STOP" -> new Ending(calls ? "tool_calls" : STOP, null, null);
      case "MAX_TOKENS" -> new Ending("length", null, null);
      case "SAFETY",
          "RECITATION",
          "LANGUAGE",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "MODEL_ARMOR",
          "IMAGE_SAFETY",
          "IMAGE_PROHIBITED_CONTENT",
          "IMAGE_RECITATION" ->
          new Ending(BLOCKED, explain("answer", reason, "finishMessage", candidate), null);
      case "MALFORMED_FUNCTION_CALL",
          "UNEXPECTED_TOOL_CALL",
          "TOO_MANY_TOOL_CALLS",
          "MALFORMED_RESPONSE",
          "MISSING_THOUGHT_SIGNATURE" ->
          new Ending(STOP, null, explain("answer", reason, "finishMessage", candidate));
      default ->
          said || calls
              ? new Ending(calls ? "tool_calls" : STOP, null, null)
              : new Ending(BLOCKED, explain("answer", reason, "finishMessage", candidate), null);
    };
  }

  /** The end of an answer whose prompt was blocked; null if it was not. */
  static @Nullable Ending ofPrompt(JsonNode answer) {
    JsonNode feedback = answer.path("promptFeedback");
    String reason = feedback.path("blockReason").asText();
    return reason.isEmpty()
        ? null
        : new Ending(BLOCKED, explain("prompt", reason, "blockReasonMessage", feedback), null);
  }

  private static String explain(String what, String reason, String field, JsonNode in) {
    String message = in.path(field).asText("").strip();
    StringJoiner harms = new StringJoiner(", ", " for ", "").setEmptyValue("");
    for (JsonNode rating : in.path("safetyRatings")) {
      if (rating.path("blocked").asBoolean()) {
        String category = rating.path("category").asText().replace("HARM_CATEGORY_", "");
        harms.add(category.toLowerCase(Locale.ROOT).replace('_', ' '));
      }
    }
    return "Gemini stopped the %s: %s%s%s"
        .formatted(what, reason, harms, message.isEmpty() ? "." : ". " + message);
  }
}
