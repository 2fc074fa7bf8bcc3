package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of a provider's list says beyond the id, in common terms:
 *
 * <ul>
 *   <li>{@code context} (Integer): tokens of prompt and answer together
 *   <li>{@code max_output} (Integer): tokens of an answer
 *   <li>{@code capabilities} (sorted list of String): {@code chat}, {@code json}, {@code tools},
 *       {@code vision}
 *   <li>{@code price} (map of {@code input} and {@code output} to BigDecimal): USD a million tokens
 * </ul>
 *
 * A fact that the entry does not hold, or not in a form known here, is absent.
 */
final class ModelFacts {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  private ModelFacts() {}

  /** The facts in {@code entry}, one object of a list's {@code data}. */
  static Map<String, Object> of(JsonNode entry) {
    Map<String, Object> facts = new LinkedHashMap<>();
    put(
        facts,
        "context",
        count(
            entry.path("max_model_len"), // vLLM, SGLang
            entry.path("context_length"), // OpenRouter, Together, Fireworks
            entry.path("context_window"), // Groq
            entry.path("max_context_length"), // Mistral, LM Studio
            entry.at("/meta/n_ctx"), // llama.cpp: what the server was started with
            entry.at("/meta/n_ctx_train"))); // llama.cpp: what the model was trained with
    put(
        facts,
        "max_output",
        count(
            entry.at("/top_provider/max_completion_tokens"), // OpenRouter
            entry.path("max_completion_tokens"))); // Groq
    put(facts, "capabilities", capabilities(entry));
    put(facts, "price", price(entry.path("pricing")));
    return facts;
  }

  private static void put(Map<String, Object> facts, String name, @Nullable Object fact) {
    if (fact != null) {
      facts.put(name, fact);
    }
  }

  private static @Nullable Integer count(JsonNode... places) {
    for (JsonNode place : places) {
      if (place.canConvertToInt() && place.intValue() > 0) {
        return place.intValue();
      }
    }
    return null;
  }

  private static @Nullable Object capabilities(JsonNode entry) {
    TreeSet<String> found = new TreeSet<>();
    for (JsonNode parameter : entry.path("supported_parameters")) { // OpenRouter
      switch (parameter.asText()) {
        case "tools" -> found.add("tools");
        case "structured_outputs", "response_format" -> found.add("json");
        default -> {}
      }
    }
    for (JsonNode modality : entry.at("/architecture/input_modalities")) { // OpenRouter
      if (modality.asText().equals("image")) {
        found.add("vision");
      }
    }
    JsonNode flags = entry.path("capabilities"); // Mistral
    if (flags.path("completion_chat").asBoolean()) {
      found.add("chat");
    }
    if (flags.path("function_calling").asBoolean()) {
      found.add("tools");
    }
    if (flags.path("vision").asBoolean()) {
      found.add("vision");
    }
    return found.isEmpty() ? null : found.stream().toList();
  }

  /** OpenRouter's prices are USD a token, as text; below zero means "depends". */
  private static @Nullable Object price(JsonNode pricing) {
    BigDecimal input = amount(pricing.path("prompt"));
    BigDecimal output = amount(pricing.path("completion"));
    return input == null || output == null ? null : Map.of("input", input, "output", output);
  }

  private static @Nullable BigDecimal amount(JsonNode perToken) {
    if (!perToken.isTextual() || perToken.textValue().length() > 30) {
      return null;
    }
    try {
      BigDecimal amount = new BigDecimal(perToken.textValue());
      boolean sane = amount.signum() >= 0 && amount.scale() < 30 && amount.scale() > -10;
      return sane ? amount.multiply(MILLION).stripTrailingZeros() : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
