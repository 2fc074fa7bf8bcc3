package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much a model thinks: OpenAI's {@code reasoning_effort} and OpenRouter's {@code reasoning} as
 * {@code thinkingConfig}, by the table that Google has for its own OpenAI-compatible endpoint.
 * Thoughts are asked for where thinking is.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/openai#thinking">Google's table</a>
 * @see <a href="https://ai.google.dev/gemini-api/docs/thinking">Levels and budgets by model</a>
 */
final class Thinking {

  private static final int LEAST_PRO_BUDGET = 128;

  private Thinking() {}

  /** The setting, or null if nothing is asked or the model does not think. */
  static @Nullable ObjectNode config(JsonNode chat, GeminiModel model, Set<String> dropped) {
    JsonNode google = chat.path("extra_body").path("google").path("thinking_config");
    if (google.isObject()) {
      return camelCase((ObjectNode) google);
    }
    JsonNode effort = Trees.value(chat, "reasoning_effort");
    JsonNode reasoning = chat.path("reasoning");
    String field = effort == null ? "reasoning" : "reasoning_effort";
    effort = effort == null ? Trees.value(reasoning, "effort") : effort;
    JsonNode tokens = Trees.value(reasoning, "max_tokens");
    if (effort == null && tokens == null) {
      return null;
    }
    if (!model.isThird() && !model.hasThinkingBudget()) {
      dropped.add(field);
      return null;
    }
    ObjectNode config = Trees.object();
    String word = effort == null ? "medium" : effort.asText();
    if (tokens != null && tokens.isIntegralNumber()) {
      config.set("thinkingBudget", tokens);
    } else if (model.isThird()) {
      config.put("thinkingLevel", level(word, model, field));
    } else {
      config.put("thinkingBudget", budget(word, model, field));
    }
    boolean hidden = reasoning.path("exclude").asBoolean() || word.equals("none");
    return config.put("includeThoughts", !hidden);
  }

  private static String level(String effort, GeminiModel model, String field) {
    return switch (effort) {
      case "none", "minimal" -> model.thinksMinimally() ? "MINIMAL" : "LOW";
      case "low" -> "LOW";
      case "medium" -> model.isFirstThirdPro() ? "HIGH" : "MEDIUM";
      case "high", "xhigh", "max" -> "HIGH";
      default -> throw unknown(effort, field);
    };
  }

  private static int budget(String effort, GeminiModel model, String field) {
    return switch (effort) {
      case "none" -> model.isPro() ? LEAST_PRO_BUDGET : 0;
      case "minimal", "low" -> 1_024;
      case "medium" -> 8_192;
      case "high", "xhigh", "max" -> 24_576;
      default -> throw unknown(effort, field);
    };
  }

  private static ApiException unknown(String effort, String field) {
    return ApiException.invalidRequest(
        "'%s' is '%s'; it must be none, minimal, low, medium, high or xhigh."
            .formatted(field, effort),
        field);
  }

  /** Google's own setting in the form of its OpenAI-compatible endpoint, with snake case. */
  private static ObjectNode camelCase(ObjectNode snake) {
    ObjectNode config = Trees.object();
    snake
        .properties()
        .forEach(field ->
            config.set(
                switch (field.getKey()) {
                  case "thinking_budget" -> "thinkingBudget";
                  case "thinking_level" -> "thinkingLevel";
                  case "include_thoughts" -> "includeThoughts";
                  default -> field.getKey();
                },
                field.getValue()));
    return config;
  }
}
