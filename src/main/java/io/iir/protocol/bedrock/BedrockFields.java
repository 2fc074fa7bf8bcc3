package io.iir.protocol.bedrock;

import static io.iir.protocol.Handling.CARRIED;
import static io.iir.protocol.Handling.DROPPED;
import static io.iir.protocol.Handling.REFUSED;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.protocol.Handling;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What becomes of the fields of a chat request that OpenAI documents, and of some others. */
final class BedrockFields {

  /** Fields of Converse's own, and of models', that a client may add to a chat request. */
  static final Set<String> EXTENSIONS =
      Set.of(
          "top_k",
          "thinking",
          "reasoning",
          "additionalModelRequestFields",
          "additionalModelResponseFieldPaths",
          "guardrailConfig",
          "performanceConfig",
          "requestMetadata");

  /** By path. */
  static final Map<String, Handling> TABLE = table();

  private BedrockFields() {}

  private static Map<String, Handling> table() {
    Map<String, Handling> table = new LinkedHashMap<>();
    all(
        table,
        CARRIED,
        "model",
        "messages",
        "messages[].content",
        "messages[].content[].text",
        "messages[].content[].image_url",
        "messages[].content[].input_audio",
        "messages[].content[].file",
        "messages[].content[].file.file_data",
        "messages[].content[].file.filename",
        "messages[].content[].refusal",
        "messages[].refusal",
        "messages[].tool_calls",
        "messages[].tool_call_id",
        "max_completion_tokens",
        "max_tokens",
        "reasoning_effort",
        "response_format",
        "service_tier",
        "stop",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "tools[].function",
        "tools[].function.strict",
        "top_p");
    all(
        table,
        DROPPED,
        "messages[].content[].image_url.detail",
        "messages[].name",
        "frequency_penalty",
        "metadata",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "safety_identifier",
        "seed",
        "store",
        "user",
        "verbosity");
    all(
        table,
        REFUSED,
        "audio",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "messages[].audio",
        "messages[].content[].file.file_id",
        "messages[].function_call",
        "messages[].tool_calls[].custom",
        "modalities",
        "n",
        "tools[].custom",
        "top_logprobs",
        "web_search_options");
    return Collections.unmodifiableMap(table);
  }

  private static void all(Map<String, Handling> table, Handling handling, String... paths) {
    for (String path : paths) {
      table.put(path, handling);
    }
  }

  /**
   * Refuses {@code chat} if it wants what Converse cannot do, and notes in {@code dropped} what is
   * left out. A field that asks for nothing, such as {@code "n": 1}, is neither.
   */
  static void check(JsonNode chat, Set<String> dropped) {
    for (Map.Entry<String, JsonNode> field : chat.properties()) {
      String name = field.getKey();
      if (EXTENSIONS.contains(name) || isNeutral(name, field.getValue())) {
        continue;
      }
      switch (TABLE.getOrDefault(name, DROPPED)) {
        case CARRIED -> {}
        case DROPPED -> dropped.add(name);
        case REFUSED -> throw refused(name);
      }
    }
  }

  /** Whether a value says no more than its absence. */
  private static boolean isNeutral(String field, JsonNode value) {
    return value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || switch (field) {
          case "n" -> value.asInt() == 1;
          case "logprobs", "store" -> value.isBoolean() && !value.booleanValue();
          case "top_logprobs", "frequency_penalty", "presence_penalty" ->
              value.isNumber() && value.asDouble() == 0;
          case "parallel_tool_calls" -> value.asBoolean();
          case "modalities" -> value.size() == 1 && value.path(0).asText().equals("text");
          default -> false;
        };
  }

  private static ApiException refused(String field) {
    String advice =
        switch (field) {
          case "functions", "function_call" -> "send 'tools' and 'tool_choice'";
          case "n" -> "it gives one answer to a call";
          default -> "leave it out, or name a model of another provider";
        };
    return ApiException.invalidRequest(
        "'%s' cannot be carried to Bedrock's Converse API: %s.".formatted(field, advice), field);
  }
}
