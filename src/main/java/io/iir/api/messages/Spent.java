package io.iir.api.messages;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/**
 * The tokens of a call as Anthropic counts them: input that was read from its cache, or written to
 * it, is no part of {@code input}.
 */
record Spent(long input, long cacheRead, long cacheWritten, long output) {

  /** What a chat completion's {@code usage} says. */
  static Spent of(JsonNode usage) {
    JsonNode details = usage.path("prompt_tokens_details");
    long read = details.path("cached_tokens").asLong();
    long written = details.path("cache_write_tokens").asLong();
    long prompt = usage.path("prompt_tokens").asLong();
    return new Spent(
        Math.max(0, prompt - read - written),
        read,
        written,
        usage.path("completion_tokens").asLong());
  }

  /** Writes the field {@code usage}. */
  void write(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("usage");
    json.writeNumberField("input_tokens", input);
    json.writeNumberField("cache_creation_input_tokens", cacheWritten);
    json.writeNumberField("cache_read_input_tokens", cacheRead);
    json.writeNumberField("output_tokens", output);
    json.writeEndObject();
  }
}
