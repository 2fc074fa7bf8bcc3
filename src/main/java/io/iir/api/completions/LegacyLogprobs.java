package io.iir.api.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.api.RawJson;
import io.iir.openai.JsonBytes;

/**
 * The log probabilities of one choice's tokens as completions have them: four lists side by side,
 * where a chat has one list of objects. One a choice, for its offsets count on.
 */
final class LegacyLogprobs {

  private int offset;

  /** Those of the choice's next tokens, of which the text before has {@code list}'s. */
  byte[] next(RawJson list) {
    ObjectNode legacy = JsonBytes.TREE.createObjectNode();
    ArrayNode tokens = legacy.putArray("tokens");
    ArrayNode logprobs = legacy.putArray("token_logprobs");
    ArrayNode top = legacy.putArray("top_logprobs");
    ArrayNode offsets = legacy.putArray("text_offset");
    for (JsonNode each : JsonBytes.tree(list.bytes())) {
      String token = each.path("token").asText();
      tokens.add(token);
      logprobs.add(each.path("logprob"));
      offsets.add(offset);
      offset += token.codePointCount(0, token.length());
      ObjectNode best = top.addObject();
      for (JsonNode other : each.path("top_logprobs")) {
        best.set(other.path("token").asText(), other.path("logprob"));
      }
    }
    return JsonBytes.write(legacy);
  }
}
