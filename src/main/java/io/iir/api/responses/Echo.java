package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import java.util.Arrays;

/**
 * What a response repeats of its request, with OpenAI's defaults where that does not say: the
 * members of the response object that are the same from its first event to its last. In bytes: how
 * reasoning is shown, a capital if items are kept, then the members' JSON without its braces.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/object">OpenAI's
 *     reference</a>
 */
final class Echo {

  private static final byte SUMMARY = 's';
  private static final byte CONTENT = 'c';

  private Echo() {}

  /** Of a whole request. */
  static byte[] of(ObjectNode request) {
    ObjectNode echo = JsonBytes.TREE.createObjectNode();
    echo.put("background", false);
    repeat(request, echo, "instructions", "max_output_tokens", "max_tool_calls");
    echo.set("parallel_tool_calls", or(request, "parallel_tool_calls", echo.booleanNode(true)));
    echo.putNull("previous_response_id");
    repeat(request, echo, "prompt_cache_key", "prompt_cache_retention");
    reasoning(request.path("reasoning"), echo.putObject("reasoning"));
    repeat(request, echo, "safety_identifier");
    echo.put("store", false);
    echo.set("temperature", or(request, "temperature", echo.numberNode(1)));
    text(request.path("text"), echo.putObject("text"));
    echo.set("tool_choice", or(request, "tool_choice", echo.textNode("auto")));
    echo.set("tools", or(request, "tools", echo.arrayNode()));
    echo.set("top_logprobs", or(request, "top_logprobs", echo.numberNode(0)));
    echo.set("top_p", or(request, "top_p", echo.numberNode(1)));
    echo.put("truncation", "disabled");
    repeat(request, echo, "user");
    echo.set("metadata", or(request, "metadata", echo.objectNode()));
    boolean summary = request.path("reasoning").hasNonNull("summary");
    byte[] json = JsonBytes.write(echo);
    byte shown = summary ? SUMMARY : CONTENT;
    boolean keeps = request.path("store").asBoolean(true);
    json[0] = keeps ? (byte) Character.toUpperCase(shown) : shown;
    return Arrays.copyOf(json, json.length - 1);
  }

  /** Whether reasoning is shown as a summary, for the client asked for one. */
  static boolean showsSummary(byte[] echo) {
    return Character.toLowerCase(echo[0]) == SUMMARY;
  }

  /** Whether the answer's items are kept: unless the client says {@code "store": false}. */
  static boolean keepsItems(byte[] echo) {
    return Character.isUpperCase(echo[0]);
  }

  private static void reasoning(JsonNode given, ObjectNode echo) {
    for (String field : new String[] {"effort", "summary"}) {
      echo.set(field, given.hasNonNull(field) ? given.get(field) : echo.nullNode());
    }
  }

  private static void text(JsonNode given, ObjectNode echo) {
    ObjectNode plain = JsonBytes.TREE.createObjectNode().put("type", "text");
    echo.set("format", given.hasNonNull("format") ? given.get("format") : plain);
    JsonNode verbosity = given.path("verbosity");
    echo.set("verbosity", verbosity.isTextual() ? verbosity : echo.textNode("medium"));
  }

  private static void repeat(ObjectNode request, ObjectNode echo, String... fields) {
    for (String field : fields) {
      echo.set(field, or(request, field, echo.nullNode()));
    }
  }

  private static JsonNode or(ObjectNode request, String field, JsonNode otherwise) {
    return request.hasNonNull(field) ? request.get(field) : otherwise;
  }
}
