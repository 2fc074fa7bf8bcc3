package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code logprobsResult} as OpenAI's {@code logprobs}.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#LogprobsResult">LogprobsResult</a>
 */
final class Logprobs {

  private Logprobs() {}

  /** The probabilities of a candidate's tokens, or null if there are none. */
  static @Nullable ObjectNode of(JsonNode candidate) {
    JsonNode result = candidate.path("logprobsResult");
    JsonNode chosen = result.path("chosenCandidates");
    if (chosen.isEmpty()) {
      return null;
    }
    ArrayNode content = Trees.array();
    for (int i = 0; i < chosen.size(); i++) {
      ObjectNode token = token(chosen.get(i));
      ArrayNode top = token.putArray("top_logprobs");
      for (JsonNode other : result.path("topCandidates").path(i).path("candidates")) {
        top.add(token(other));
      }
      content.add(token);
    }
    return Trees.object("content", content).putNull("refusal");
  }

  private static ObjectNode token(JsonNode candidate) {
    String text = candidate.path("token").asText();
    ObjectNode token = Trees.object().put("token", text);
    token.set("logprob", candidate.path("logProbability"));
    ArrayNode bytes = token.putArray("bytes");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xFF);
    }
    return token;
  }
}
