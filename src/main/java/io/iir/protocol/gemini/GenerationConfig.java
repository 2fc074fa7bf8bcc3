package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How the answer is to be: {@code generationConfig}.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#generationconfig">GenerationConfig</a>
 */
final class GenerationConfig {

  /** Fields that differ in their names only. */
  static final Map<String, String> RENAMED =
      Map.of(
          "temperature", "temperature",
          "top_p", "topP",
          "top_k", "topK",
          "n", "candidateCount",
          "logprobs", "responseLogprobs",
          "presence_penalty", "presencePenalty",
          "frequency_penalty", "frequencyPenalty");

  private GenerationConfig() {}

  static ObjectNode of(JsonNode chat, GeminiModel model, Set<String> dropped) {
    ObjectNode config = Trees.object();
    RENAMED.forEach((from, to) -> copy(chat, from, config, to));
    topLogprobs(chat, config, dropped);
    copy(chat, "max_tokens", config, "maxOutputTokens");
    copy(chat, "max_completion_tokens", config, "maxOutputTokens");
    stop(chat, config);
    seed(chat, config);
    format(chat.path("response_format"), config);
    modalities(chat.path("modalities"), config);
    ObjectNode thinking = Thinking.config(chat, model, dropped);
    if (thinking != null) {
      config.set("thinkingConfig", thinking);
    }
    return config;
  }

  private static void copy(JsonNode chat, String from, ObjectNode config, String to) {
    JsonNode value = Trees.value(chat, from);
    if (value != null) {
      config.set(to, value);
    }
  }

  /** Gemini refuses their number unless they are wanted at all. */
  private static void topLogprobs(JsonNode chat, ObjectNode config, Set<String> dropped) {
    if (chat.path("logprobs").asBoolean()) {
      copy(chat, "top_logprobs", config, "logprobs");
    } else if (chat.path("top_logprobs").asInt() > 0) {
      dropped.add("top_logprobs");
    }
  }

  private static void stop(JsonNode chat, ObjectNode config) {
    JsonNode stop = Trees.value(chat, "stop");
    if (stop != null && !(stop.isArray() && stop.isEmpty())) {
      config.set("stopSequences", stop.isArray() ? stop : Trees.array().add(stop));
    }
  }

  /** Gemini's seed has 32 bits, OpenAI's 64: the same long one becomes the same short one. */
  private static void seed(JsonNode chat, ObjectNode config) {
    JsonNode seed = Trees.value(chat, "seed");
    if (seed != null && seed.isIntegralNumber()) {
      config.put("seed", seed.canConvertToInt() ? seed.asInt() : Long.hashCode(seed.asLong()));
    }
  }

  private static void format(JsonNode format, ObjectNode config) {
    String type = format.path("type").asText("text");
    switch (type) {
      case "text" -> {}
      case "json_object" -> config.put("responseMimeType", "application/json");
      case "json_schema" -> {
        config.put("responseMimeType", "application/json");
        JsonNode schema = Trees.value(format.path(type), "schema");
        if (schema != null) {
          config.set("responseJsonSchema", schema);
        }
      }
      default ->
          throw ApiException.invalidRequest(
              "'response_format.type' is '%s'; it must be text, json_object or json_schema."
                  .formatted(type),
              "response_format.type");
    }
  }

  private static void modalities(JsonNode modalities, ObjectNode config) {
    ArrayNode wanted = Trees.array();
    for (JsonNode modality : modalities) {
      if (modality.asText().equals("audio")) {
        throw ApiException.invalidRequest(
            "'modalities' has audio, which Gemini does not answer in a chat; leave it out.",
            "modalities");
      }
      wanted.add(modality.asText().toUpperCase(Locale.ROOT));
    }
    if (wanted.size() > 1) {
      config.set("responseModalities", wanted);
    }
  }
}
