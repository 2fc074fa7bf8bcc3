package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Converse's {@code usage} as OpenAI's. Converse counts tokens from and into the cache beside
 * {@code inputTokens}; OpenAI counts them within {@code prompt_tokens}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html">
 *     TokenUsage</a>
 */
final class BedrockUsage {

  private BedrockUsage() {}

  static ObjectNode of(JsonNode usage) {
    long read = usage.path("cacheReadInputTokens").asLong();
    long written = usage.path("cacheWriteInputTokens").asLong();
    long prompt = usage.path("inputTokens").asLong() + read + written;
    long completion = usage.path("outputTokens").asLong();
    ObjectNode out =
        Trees.object()
            .put("prompt_tokens", prompt)
            .put("completion_tokens", completion)
            .put("total_tokens", prompt + completion);
    if (usage.has("cacheReadInputTokens") || usage.has("cacheWriteInputTokens")) {
      out.putObject("prompt_tokens_details")
          .put("cached_tokens", read)
          .put("cache_write_tokens", written);
    }
    return out;
  }
}
