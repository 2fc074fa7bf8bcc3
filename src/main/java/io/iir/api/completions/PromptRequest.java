package io.iir.api.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.iir.openai.ApiException;
import io.iir.openai.ClientBody;
import java.util.Map;
import java.util.Set;

/**
 * A request for the continuation of a prompt, as a chat request: the prompt is what the user says.
 * Fields that both have, and those that neither reference knows, go on as they are. Stateless.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/completions/create">OpenAI's
 *     reference</a>
 */
final class PromptRequest {

  /** The most tokens of an answer to a request that does not say, as OpenAI has it. */
  private static final int DEFAULT_TOKENS = 16;

  /** Carried in another form, or not sent on: the answer is made to be as they say. */
  private static final Set<String> REWRITTEN =
      Set.of("prompt", "suffix", "echo", "best_of", "logprobs", "max_tokens");

  private static final Set<String> CHATS_OWN = Set.of("messages", "tools", "response_format");

  private PromptRequest() {}

  /** The chat request that {@code request} is. */
  static ObjectNode chat(ObjectNode request) {
    refuse(request);
    ObjectNode chat = ClientBody.object();
    for (Map.Entry<String, JsonNode> field : request.properties()) {
      if (!REWRITTEN.contains(field.getKey()) && !field.getValue().isNull()) {
        chat.set(field.getKey(), field.getValue());
      }
    }
    ObjectNode message = chat.putArray("messages").addObject().put("role", "user");
    message.set("content", prompt(request.path("prompt")));
    chat.set(
        "max_completion_tokens",
        request.hasNonNull("max_tokens")
            ? request.get("max_tokens")
            : chat.numberNode(DEFAULT_TOKENS));
    if (request.hasNonNull("logprobs")) {
      if (!request.get("logprobs").isIntegralNumber()) {
        throw ApiException.invalidRequest("'logprobs' must be an integer.", "logprobs");
      }
      chat.put("logprobs", true);
      chat.set("top_logprobs", request.get("logprobs"));
    }
    return chat;
  }

  /** What the answer begins with: the prompt, if the client wants it back. */
  static byte[] echo(ObjectNode request) {
    return request.path("echo").asBoolean()
        ? ClientBody.write(prompt(request.path("prompt")))
        : new byte[0];
  }

  /** The one text that {@code prompt} is. */
  private static TextNode prompt(JsonNode prompt) {
    JsonNode one = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
    if (one instanceof TextNode text) {
      return text;
    }
    if (prompt.isMissingNode() || prompt.isNull()) {
      throw ApiException.invalidRequest("'prompt' is missing: send a string.", "prompt");
    }
    throw ApiException.invalidRequest(
        prompt.isArray() && prompt.path(0).isTextual()
            ? "'prompt' has several texts, a chat model answers one: send a request for each."
            : "'prompt' must be a string: a chat model takes no token numbers.",
        "prompt");
  }

  private static void refuse(ObjectNode request) {
    for (String name : CHATS_OWN) {
      if (request.hasNonNull(name)) {
        throw ApiException.invalidRequest(
            "'%s' is a field of chats: send it to /v1/chat/completions.".formatted(name), name);
      }
    }
    if (!request.path("suffix").asText("").isEmpty()) {
      throw ApiException.invalidRequest(
          "'suffix' cannot be carried: a chat model writes no text between two others.", "suffix");
    }
    int wanted = Math.max(1, request.path("n").asInt(1));
    if (request.hasNonNull("best_of") && request.path("best_of").asInt() != wanted) {
      throw ApiException.invalidRequest(
          "'best_of' cannot be carried: ask for 'n' answers and choose yourself.", "best_of");
    }
    if (request.path("echo").asBoolean() && request.hasNonNull("logprobs")) {
      throw ApiException.invalidRequest(
          "'echo' and 'logprobs' cannot go together: a chat model does not judge its prompt.",
          "logprobs");
    }
  }
}
