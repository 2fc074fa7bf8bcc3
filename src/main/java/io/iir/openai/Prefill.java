package io.iir.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** How a model is asked to go on with a text of which the beginning is there. */
public enum Prefill {
  /** An assistant's message at the end is gone on with: Anthropic, Gemini, Groq, OpenRouter. */
  LAST_MESSAGE,
  /** That message says {@code prefix}: Mistral, DeepSeek. */
  PREFIX,
  /** The request says so besides, as vLLM and SGLang want it; other local servers ignore that. */
  CONTINUE,
  /** It always begins anew: OpenAI. */
  NEVER;

  private static final List<String> LIMITS = List.of("max_tokens", "max_completion_tokens");

  /**
   * {@code body} with {@code text} as the beginning of the answer, which is about {@code tokens}
   * long: so many fewer may follow.
   */
  public byte[] into(byte[] body, String text, long tokens) {
    ObjectNode request = JsonBytes.object(body);
    if (!(request.get("messages") instanceof ArrayNode messages)) {
      throw new IllegalArgumentException("the request has no messages");
    }
    ObjectNode begun = messages.addObject().put("role", "assistant").put("content", text);
    if (this == PREFIX) {
      begun.put("prefix", true);
    } else if (this == CONTINUE) {
      request.put("add_generation_prompt", false).put("continue_final_message", true);
    }
    for (String limit : LIMITS) {
      if (request.path(limit).isIntegralNumber()) {
        request.put(limit, Math.max(1, request.path(limit).asLong() - tokens));
      }
    }
    return JsonBytes.write(request);
  }
}
