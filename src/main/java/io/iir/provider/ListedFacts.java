package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.Capability;
import java.util.Set;

/**
 * Reads what an entry of an OpenAI-style list says of its model beyond the id, whoever's list it
 * is: vendors add fields of their own, which do not contradict each other.
 */
final class ListedFacts {

  private ListedFacts() {}

  /** The facts in {@code entry}. */
  static ModelFacts of(JsonNode entry) {
    return in(entry).facts();
  }

  /** As above, to be added to. */
  static FactCollector in(JsonNode entry) {
    FactCollector facts =
        new FactCollector()
            .context(
                entry.path("max_model_len"), // vLLM, SGLang
                entry.path("context_length"), // OpenRouter, Together, Fireworks
                entry.path("context_window"), // Groq
                entry.path("max_context_length"), // Mistral, LM Studio
                entry.at("/meta/n_ctx"), // llama.cpp: what the server was started with
                entry.at("/meta/n_ctx_train")) // llama.cpp: what the model was trained with
            .maxOutput(
                entry.at("/top_provider/max_completion_tokens"), // OpenRouter
                entry.path("max_completion_tokens")) // Groq
            .price(ListedPrice.of(entry.path("pricing"))) // OpenRouter, Together
            .inputs(FactCollector.words(entry.at("/architecture/input_modalities")))
            .outputs(FactCollector.words(entry.at("/architecture/output_modalities")))
            .deprecated(entry.path("deprecation")) // Mistral
            .deprecated(entry.path("expiration_date")) // OpenRouter
            .quantization(entry.at("/meta/ftype")); // llama.cpp
    parameters(entry, facts);
    flags(entry, facts);
    type(entry, facts);
    return facts;
  }

  private static void parameters(JsonNode entry, FactCollector facts) {
    Set<String> parameters = FactCollector.words(entry.path("supported_parameters")); // OpenRouter
    if (!parameters.isEmpty()) {
      facts.says(Capability.TOOLS, parameters.contains("tools"));
      facts.says(
          Capability.JSON,
          parameters.contains("structured_outputs") || parameters.contains("response_format"));
    }
  }

  private static void flags(JsonNode entry, FactCollector facts) {
    JsonNode flags = entry.path("capabilities"); // Mistral
    facts
        .says(Capability.CHAT, flags.path("completion_chat"))
        .says(Capability.TOOLS, flags.path("function_calling"))
        .says(Capability.IMAGES, flags.path("vision"))
        .says(Capability.CHAT, entry.path("supports_chat")) // Fireworks
        .says(Capability.TOOLS, entry.path("supports_tools"))
        .says(Capability.IMAGES, entry.path("supports_image_input"));
  }

  /** Together tells what a model is for. */
  private static void type(JsonNode entry, FactCollector facts) {
    switch (entry.path("type").asText("")) {
      case "chat" -> facts.chats(entry.path("id").asText());
      case "image" -> facts.outputs(Set.of("image")).says(Capability.IMAGE_GENERATION, true);
      case "audio" -> facts.outputs(Set.of("audio")).says(Capability.SPEECH, true);
      case "video" -> facts.outputs(Set.of("video"));
      case "embedding" -> facts.outputs(Set.of("embedding"));
      case "moderation" -> only(Capability.MODERATION, facts);
      case "rerank" -> only(Capability.RERANK, facts);
      case "transcribe" -> only(Capability.TRANSCRIPTION, facts);
      default -> {
        // nothing is said
      }
    }
  }

  private static void only(Capability capability, FactCollector facts) {
    facts.says(Capability.CHAT, false).says(capability, true);
  }
}
