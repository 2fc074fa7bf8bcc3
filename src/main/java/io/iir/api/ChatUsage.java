package io.iir.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a chat answer took.
 *
 * @param prompt of the request, cached ones among them
 * @param cached the part of the prompt that was read from the provider's cache
 * @param written the part of the prompt that was written to that cache
 * @param completion of the answer, reasoning among them
 * @param reasoning the part of the answer that was reasoning
 * @param total of both
 * @param raw the object that says so
 */
public record ChatUsage(
    long prompt,
    long cached,
    long written,
    long completion,
    long reasoning,
    long total,
    RawJson raw) {

  /** The usage that {@code in} is at, read to its end; null if it is no object. */
  static @Nullable ChatUsage read(JsonParser in, byte[] source) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return null;
    }
    int start = (int) in.currentTokenLocation().getByteOffset();
    long prompt = 0;
    long cached = 0;
    long written = 0;
    long completion = 0;
    long reasoning = 0;
    long total = -1;
    int depth = 1;
    while (depth > 0) {
      JsonToken token = in.nextToken();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token.isNumeric() && in.currentName() != null) {
        long value = in.getValueAsLong();
        switch (in.currentName()) {
          case "prompt_tokens" -> prompt = value;
          case "completion_tokens" -> completion = value;
          case "total_tokens" -> total = value;
          case "cached_tokens" -> cached = value;
          case "cache_write_tokens" -> written = value;
          case "reasoning_tokens" -> reasoning = value;
          default -> {}
        }
      }
    }
    RawJson raw = new RawJson(source, start, (int) in.currentLocation().getByteOffset());
    long sum = total < 0 ? prompt + completion : total;
    return new ChatUsage(prompt, cached, written, completion, reasoning, sum, raw);
  }
}
