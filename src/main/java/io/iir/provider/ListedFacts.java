package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.Capability;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an entry of a provider's list says of its model beyond the id. What it does not say,
 * or not in a form known here, is unknown.
 */
final class ListedFacts {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  private ListedFacts() {}

  /** The facts in {@code entry}, one object of a list's {@code data}. */
  static ModelFacts of(JsonNode entry) {
    EnumSet<Capability> can = EnumSet.noneOf(Capability.class);
    EnumSet<Capability> cannot = EnumSet.noneOf(Capability.class);
    capabilities(entry, (capability, does) -> (does ? can : cannot).add(capability));
    return new ModelFacts(
        count(
            entry.path("max_model_len"), // vLLM, SGLang
            entry.path("context_length"), // OpenRouter, Together, Fireworks
            entry.path("context_window"), // Groq
            entry.path("max_context_length"), // Mistral, LM Studio
            entry.at("/meta/n_ctx"), // llama.cpp: what the server was started with
            entry.at("/meta/n_ctx_train")), // llama.cpp: what the model was trained with
        count(
            entry.at("/top_provider/max_completion_tokens"), // OpenRouter
            entry.path("max_completion_tokens")), // Groq
        price(entry.path("pricing")),
        null,
        can,
        cannot);
  }

  private static @Nullable Integer count(JsonNode... places) {
    for (JsonNode place : places) {
      if (place.canConvertToInt() && place.intValue() > 0) {
        return place.intValue();
      }
    }
    return null;
  }

  /** Says yes or no to what the entry speaks of, and nothing of the rest. */
  private static void capabilities(JsonNode entry, BiConsumer<Capability, Boolean> says) {
    Set<String> parameters = texts(entry.path("supported_parameters")); // OpenRouter
    if (!parameters.isEmpty()) {
      says.accept(Capability.TOOLS, parameters.contains("tools"));
      says.accept(
          Capability.JSON,
          parameters.contains("structured_outputs") || parameters.contains("response_format"));
    }
    Set<String> modalities = texts(entry.at("/architecture/input_modalities")); // OpenRouter
    if (!modalities.isEmpty()) {
      says.accept(Capability.IMAGES, modalities.contains("image"));
    }
    JsonNode flags = entry.path("capabilities"); // Mistral
    flag(flags.path("completion_chat"), Capability.CHAT, says);
    flag(flags.path("function_calling"), Capability.TOOLS, says);
    flag(flags.path("vision"), Capability.IMAGES, says);
  }

  private static void flag(
      JsonNode flag, Capability capability, BiConsumer<Capability, Boolean> says) {
    if (flag.isBoolean()) {
      says.accept(capability, flag.booleanValue());
    }
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new HashSet<>();
    if (list.isArray()) {
      list.forEach(each -> texts.add(each.asText()));
    }
    return texts;
  }

  /** OpenRouter's prices are USD a token, as text; below zero means "depends". */
  private static @Nullable Price price(JsonNode pricing) {
    BigDecimal input = amount(pricing.path("prompt"));
    BigDecimal output = amount(pricing.path("completion"));
    return input == null || output == null ? null : new Price(input, output);
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
