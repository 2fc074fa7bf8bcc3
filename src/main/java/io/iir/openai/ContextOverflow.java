package io.iir.openai;

import java.util.List;
import java.util.Locale;

/**
 * Tells whether a provider has refused a request because it is longer than the model's context, by
 * its code or by the words of its message: a model with a larger one may take it. Stateless.
 */
public final class ContextOverflow {

  private static final String CODE = "context_length_exceeded";

  /** In lower case; who says so stands in {@code docs/RESILIENCE.md}. */
  private static final List<String> WORDS =
      List.of(
          "maximum context length",
          "prompt is too long",
          "exceed context limit",
          "exceeds the maximum number of tokens allowed",
          "input is too long for requested model",
          "exceeds the available context size",
          "is too long to fit into the model",
          "longer than the model's context length",
          "longer than the maximum model length",
          "exceeds the maximum allowed length",
          "exceeds the context length",
          "greater than the context length",
          "with context length of only",
          "too many tokens: total number of tokens",
          "`inputs` must have less than",
          "`max_new_tokens` must be <=");

  private ContextOverflow() {}

  /** Whether {@code error} says so. */
  public static boolean is(ApiError error) {
    if (error.status() != 400 && error.status() != 413 && error.status() != 422) {
      return false;
    }
    if (CODE.equals(error.code())) {
      return true;
    }
    String message = error.message().toLowerCase(Locale.ROOT);
    return WORDS.stream().anyMatch(message::contains);
  }
}
