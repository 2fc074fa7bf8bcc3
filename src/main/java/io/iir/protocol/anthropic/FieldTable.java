package io.iir.protocol.anthropic;

import static io.iir.protocol.Handling.CARRIED;
import static io.iir.protocol.Handling.DROPPED;
import static io.iir.protocol.Handling.REFUSED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.protocol.Handling;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What becomes of the fields of a chat request that OpenAI documents.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI's reference</a>
 */
final class FieldTable {

  /** By path, in the order of OpenAI's reference. */
  static final Map<String, Handling> FIELDS = fields();

  private FieldTable() {}

  private static Map<String, Handling> fields() {
    Map<String, Handling> fields = new LinkedHashMap<>();
    all(
        fields,
        CARRIED,
        "model",
        "messages",
        "messages[].content",
        "messages[].content[].text",
        "messages[].content[].image_url");
    all(fields, DROPPED, "messages[].content[].image_url.detail");
    all(fields, REFUSED, "messages[].content[].input_audio");
    all(
        fields,
        CARRIED,
        "messages[].content[].file",
        "messages[].content[].file.file_data",
        "messages[].content[].file.filename");
    all(fields, REFUSED, "messages[].content[].file.file_id");
    all(fields, CARRIED, "messages[].content[].refusal", "messages[].refusal");
    all(fields, DROPPED, "messages[].name");
    all(fields, REFUSED, "messages[].audio");
    all(fields, CARRIED, "messages[].tool_calls", "messages[].tool_call_id");
    all(fields, REFUSED, "messages[].tool_calls[].custom", "messages[].function_call");
    all(fields, REFUSED, "audio");
    all(fields, DROPPED, "frequency_penalty");
    all(fields, REFUSED, "function_call", "functions", "logit_bias", "logprobs");
    all(fields, CARRIED, "max_completion_tokens", "max_tokens");
    all(fields, DROPPED, "metadata");
    all(fields, REFUSED, "modalities", "n");
    all(fields, CARRIED, "parallel_tool_calls");
    all(fields, DROPPED, "prediction", "presence_penalty");
    all(fields, DROPPED, "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention");
    all(fields, CARRIED, "reasoning_effort", "response_format", "safety_identifier");
    all(fields, DROPPED, "seed");
    all(fields, CARRIED, "service_tier", "stop");
    all(fields, DROPPED, "store");
    all(fields, CARRIED, "stream", "stream_options", "temperature", "tool_choice");
    all(fields, CARRIED, "tools", "tools[].function", "tools[].function.strict");
    all(fields, REFUSED, "tools[].custom", "top_logprobs");
    all(fields, CARRIED, "top_p", "user");
    all(fields, DROPPED, "verbosity");
    all(fields, REFUSED, "web_search_options");
    return Collections.unmodifiableMap(fields);
  }

  private static void all(Map<String, Handling> fields, Handling handling, String... paths) {
    for (String path : paths) {
      fields.put(path, handling);
    }
  }

  /**
   * Refuses {@code chat} if it wants what Anthropic cannot do; a field that asks for nothing, such
   * as {@code "n": 1}, is no reason.
   */
  static void refuse(ObjectNode chat) {
    if (chat.path("n").asInt(1) != 1) {
      throw refusal("n", "gives one answer");
    }
    if (chat.path("logprobs").asBoolean() || chat.path("top_logprobs").asInt() > 0) {
      throw refusal("logprobs", "tells no probabilities");
    }
    if (!chat.path("logit_bias").isEmpty()) {
      throw refusal("logit_bias", "has no bias of tokens");
    }
    if (chat.has("audio") || asks(chat.path("modalities"), "audio")) {
      throw refusal(chat.has("audio") ? "audio" : "modalities", "does not speak");
    }
    if (chat.has("web_search_options")) {
      throw refusal("web_search_options", "searches by a tool of its own, web_search_20250305");
    }
    for (String older : new String[] {"functions", "function_call"}) {
      if (!chat.path(older).isEmpty()) {
        throw refusal(older, "has tools, not functions of the older form: send tools");
      }
    }
  }

  private static boolean asks(JsonNode words, String word) {
    for (JsonNode each : words) {
      if (each.asText().equals(word)) {
        return true;
      }
    }
    return false;
  }

  private static ApiException refusal(String field, String why) {
    return ApiException.invalidRequest(
        "%s: Anthropic's Messages API %s.".formatted(field, why), field);
  }
}
