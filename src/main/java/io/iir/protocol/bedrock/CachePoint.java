package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Where Bedrock is to keep the prompt up to here: what {@code cache_control} on a part means.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html">Prompt
 *     caching</a>
 */
final class CachePoint {

  private CachePoint() {}

  /** Adds one to {@code blocks} if {@code part} says {@code cache_control}. */
  static void after(JsonNode part, ArrayNode blocks) {
    JsonNode control = part.path("cache_control");
    if (control.isObject()) {
      ObjectNode point = Trees.object().put("type", "default");
      if (control.path("ttl").isTextual()) {
        point.set("ttl", control.path("ttl"));
      }
      blocks.add(Trees.object("cachePoint", point));
    }
  }
}
