package io.iir.api.completions;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import java.util.StringJoiner;

/**
 * What a model is to continue: texts, or tokens by their numbers.
 *
 * @param text all of it as one text; of tokens, as many words as there are, so that they are
 *     counted
 * @param count how many prompts there are, at least 1
 * @param isText whether it is text
 */
record Prompt(String text, int count, boolean isText) {

  /**
   * Reads the field {@code prompt}.
   *
   * @throws ApiException 400 {@code invalid_request} if it is none of its forms
   */
  static Prompt of(JsonNode prompt) {
    if (prompt.isTextual()) {
      return new Prompt(prompt.asText(), 1, true);
    }
    if (!prompt.isArray() || prompt.isEmpty()) {
      throw wrong();
    }
    if (prompt.get(0).isIntegralNumber()) {
      return new Prompt(words(prompt.size()), 1, false);
    }
    StringJoiner all = new StringJoiner("\n");
    boolean text = prompt.get(0).isTextual();
    for (JsonNode each : prompt) {
      if (text ? !each.isTextual() : !each.path(0).isIntegralNumber()) {
        throw wrong();
      }
      all.add(text ? each.asText() : words(each.size()));
    }
    return new Prompt(all.toString(), prompt.size(), text);
  }

  private static String words(int count) {
    return "a ".repeat(count);
  }

  private static ApiException wrong() {
    return ApiException.invalidRequest(
        "'prompt' must be a string, an array of strings, or tokens by their numbers.", "prompt");
  }
}
