package io.iir.protocol.gemini;

import static io.iir.protocol.Handling.CARRIED;
import static io.iir.protocol.Handling.DROPPED;
import static io.iir.protocol.Handling.REFUSED;

import io.iir.protocol.Handling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What becomes of each field of a chat request. */
final class GeminiFields {

  /** Fields beyond OpenAI's own that reach Gemini, as its compatible endpoint and others have. */
  static final Set<String> EXTENSIONS =
      Set.of(
          "top_k",
          "reasoning",
          "safety_settings",
          "safetySettings",
          "cached_content",
          "cachedContent",
          "labels",
          "extra_body");

  static final Map<String, Handling> TABLE = table();

  private GeminiFields() {}

  private static Map<String, Handling> table() {
    Map<String, Handling> table = new TreeMap<>();
    List.of(
            "model",
            "messages",
            "messages[].content",
            "messages[].content[].text",
            "messages[].content[].image_url",
            "messages[].content[].input_audio",
            "messages[].content[].file.file_data",
            "messages[].content[].refusal",
            "messages[].refusal",
            "messages[].tool_calls",
            "messages[].tool_call_id",
            "frequency_penalty",
            "logprobs",
            "max_completion_tokens",
            "max_tokens",
            "modalities",
            "n",
            "presence_penalty",
            "reasoning_effort",
            "response_format",
            "seed",
            "service_tier",
            "stop",
            "stream",
            "stream_options",
            "temperature",
            "tool_choice",
            "tools",
            "tools[].function",
            "top_logprobs",
            "top_p")
        .forEach(field -> table.put(field, CARRIED));
    List.of(
            "messages[].content[].image_url.detail",
            "messages[].name",
            "metadata",
            "parallel_tool_calls",
            "prediction",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "safety_identifier",
            "store",
            "tools[].function.strict",
            "user",
            "verbosity")
        .forEach(field -> table.put(field, DROPPED));
    List.of(
            "audio",
            "function_call",
            "functions",
            "logit_bias",
            "messages[].audio",
            "messages[].content[].file.file_id",
            "messages[].function_call",
            "messages[].tool_calls[].custom",
            "tools[].custom",
            "web_search_options")
        .forEach(field -> table.put(field, REFUSED));
    return Map.copyOf(table);
  }
}
