package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * {@code usageMetadata} as OpenAI's {@code usage}: what tools brought in counts as prompt, thoughts
 * count as completion.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#UsageMetadata">UsageMetadata</a>
 */
final class GeminiUsage {

  private GeminiUsage() {}

  /** The usage, or null if none is told. */
  static @Nullable ObjectNode of(JsonNode metadata) {
    if (!metadata.isObject()) {
      return null;
    }
    long prompt = count(metadata, "promptTokenCount") + count(metadata, "toolUsePromptTokenCount");
    long thoughts = count(metadata, "thoughtsTokenCount");
    long total = count(metadata, "totalTokenCount");
    long completion =
        metadata.has("candidatesTokenCount")
            ? count(metadata, "candidatesTokenCount") + thoughts
            : Math.max(thoughts, total - prompt);
    ObjectNode usage =
        Trees.object()
            .put("prompt_tokens", prompt)
            .put("completion_tokens", completion)
            .put("total_tokens", Math.max(total, prompt + completion));
    ObjectNode in = Trees.object().put("cached_tokens", count(metadata, "cachedContentTokenCount"));
    audio(metadata.path("promptTokensDetails"), in);
    usage.set("prompt_tokens_details", in);
    ObjectNode out = Trees.object().put("reasoning_tokens", thoughts);
    audio(metadata.path("candidatesTokensDetails"), out);
    usage.set("completion_tokens_details", out);
    return usage;
  }

  private static void audio(JsonNode byModality, ObjectNode details) {
    for (JsonNode share : byModality) {
      if (share.path("modality").asText().equals("AUDIO")) {
        details.put("audio_tokens", count(share, "tokenCount"));
      }
    }
  }

  private static long count(JsonNode in, String field) {
    return in.path(field).asLong();
  }
}
