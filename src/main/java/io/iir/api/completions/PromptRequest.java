package io.iir.api.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.openai.JsonBytes;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  private PromptRequest() {}

  /** The chat request that {@code request} for {@code prompt} is, or would be. */
  static ObjectNode chat(ObjectNode request, Prompt prompt) {
    for (String name : new String[] {"messages", "tools"}) {
      if (request.hasNonNull(name)) {
        throw ApiException.invalidRequest(
            "'%s' is a field of chats: send it to /v1/chat/completions.".formatted(name), name);
      }
    }
    ObjectNode chat = JsonBytes.TREE.createObjectNode();
    for (Map.Entry<String, JsonNode> field : request.properties()) {
      if (!REWRITTEN.contains(field.getKey()) && !field.getValue().isNull()) {
        chat.set(field.getKey(), field.getValue());
      }
    }
    chat.putArray("messages").addObject().put("role", "user").put("content", prompt.text());
    boolean limited = request.hasNonNull("max_tokens");
    chat.set("max_tokens", limited ? request.get("max_tokens") : chat.numberNode(DEFAULT_TOKENS));
    if (prompt.count() > 1) {
      chat.put("n", Math.max(1, request.path("n").asInt(1)) * prompt.count());
    }
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
  static byte[] echo(ObjectNode request, Prompt prompt) {
    return request.path("echo").asBoolean()
        ? JsonBytes.write(request.textNode(prompt.text()))
        : new byte[0];
  }

  /** Why no chat can answer; null: one can. */
  static @Nullable ApiException noChat(ObjectNode request, Prompt prompt) {
    if (prompt.count() > 1) {
      return refusal("prompt", "it has several, a chat model answers one: send a request for each");
    }
    if (!prompt.isText()) {
      return refusal("prompt", "a chat model takes no token numbers: send a string");
    }
    if (!request.path("suffix").asText("").isEmpty()) {
      return refusal("suffix", "a chat model writes no text between two others");
    }
    int wanted = Math.max(1, request.path("n").asInt(1));
    if (request.hasNonNull("best_of") && request.path("best_of").asInt() != wanted) {
      return refusal("best_of", "ask a chat model for 'n' answers and choose yourself");
    }
    if (request.path("echo").asBoolean() && request.hasNonNull("logprobs")) {
      return refusal("logprobs", "a chat model does not judge its prompt: leave out 'echo'");
    }
    return null;
  }

  private static ApiException refusal(String field, String why) {
    return ApiException.invalidRequest(
        ("'%s' cannot be carried: %s, or name a model whose server continues prompts as they are"
                + " (vLLM, llama.cpp, Ollama …).")
            .formatted(field, why),
        field);
  }
}
