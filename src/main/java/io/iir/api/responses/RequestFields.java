package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import java.util.Map;
import java.util.Set;

/**
 * A request's fields as a chat request has them. What the reference does not know goes on as it is:
 * some models take more than OpenAI's do. Stateless.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/create">OpenAI's
 *     reference</a>
 */
final class RequestFields {

  /** Carried under a name of their own. */
  private static final Set<String> REWRITTEN =
      Set.of(
          "input",
          "instructions",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "text",
          "reasoning",
          "max_output_tokens",
          "include",
          "top_logprobs",
          "stream_options");

  /** Not sent on: what they ask for is so, or matters to OpenAI's own tools and storage alone. */
  private static final Set<String> SETTLED_HERE =
      Set.of("store", "truncation", "metadata", "max_tool_calls", "background", "client_metadata");

  /** What would need something kept here, or at OpenAI; each with what to do instead. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "previous_response_id",
          "no answer is kept here; send the items of the conversation so far in 'input'",
          "conversation",
          "no conversation is kept here; send its items in 'input'",
          "prompt",
          "no prompt templates are kept here; send 'instructions' and 'input'",
          "context_management",
          "nothing is compacted here; shorten 'input' yourself");

  /** Fields of a chat request, by what they are called in this API. */
  private static final Map<String, String> MOVED =
      Map.ofEntries(
          Map.entry("messages", "'input'"),
          Map.entry("max_tokens", "'max_output_tokens'"),
          Map.entry("max_completion_tokens", "'max_output_tokens'"),
          Map.entry("response_format", "'text.format'"),
          Map.entry("verbosity", "'text.verbosity'"),
          Map.entry("reasoning_effort", "'reasoning.effort'"),
          Map.entry("functions", "'tools'"),
          Map.entry("function_call", "'tool_choice'"),
          Map.entry("logprobs", "'include': [\"message.output_text.logprobs\"]"),
          Map.entry("n", "one request for each answer"));

  private static final String LOGPROBS = "message.output_text.logprobs";

  private RequestFields() {}

  /** The chat request that {@code request} is, whose references are to {@code kept}. */
  static ObjectNode chat(ObjectNode request, KeptItems kept) {
    refuse(request);
    ObjectNode chat = JsonBytes.TREE.createObjectNode();
    for (Map.Entry<String, JsonNode> field : request.properties()) {
      String name = field.getKey();
      if (!REWRITTEN.contains(name)
          && !SETTLED_HERE.contains(name)
          && !REFUSED.containsKey(name)
          && !field.getValue().isNull()) {
        chat.set(name, field.getValue());
      }
    }
    InputItems items = new InputItems(chat.putArray("messages"), kept);
    items.instructions(request.path("instructions"));
    items.add(request.path("input"));
    ToolFields.write(request, chat);
    copy(request, "max_output_tokens", chat, "max_tokens");
    text(request.path("text"), chat);
    reasoning(request.path("reasoning"), chat);
    logprobs(request, chat);
    if (request.path("stream").asBoolean()) {
      chat.putObject("stream_options").put("include_usage", true);
    }
    return chat;
  }

  private static void refuse(ObjectNode request) {
    for (Map.Entry<String, JsonNode> field : request.properties()) {
      String name = field.getKey();
      if (REFUSED.containsKey(name) && !field.getValue().isNull()) {
        throw Refusal.notHere(name, REFUSED.get(name));
      }
      if (MOVED.containsKey(name) && !field.getValue().isNull()) {
        throw Refusal.notHere(
            name, "it is a field of chat completions; here that is " + MOVED.get(name));
      }
    }
    if (request.path("background").asBoolean()) {
      throw Refusal.notHere("background", "answers are not kept here; stream the answer instead");
    }
  }

  private static void text(JsonNode text, ObjectNode chat) {
    object(text, "text");
    copy(text, "verbosity", chat, "verbosity");
    JsonNode format = text.path("format");
    object(format, "text.format");
    switch (format.path("type").asText("text")) {
      case "text" -> {}
      case "json_object" -> chat.putObject("response_format").put("type", "json_object");
      case "json_schema" -> {
        ObjectNode out = chat.putObject("response_format").put("type", "json_schema");
        ObjectNode schema = out.putObject("json_schema");
        for (String field : new String[] {"name", "description", "schema", "strict"}) {
          copy(format, field, schema, field);
        }
      }
      default ->
          throw Refusal.unknownType(
              "text.format.type", format.path("type"), "text, json_object and json_schema");
    }
  }

  private static void reasoning(JsonNode reasoning, ObjectNode chat) {
    object(reasoning, "reasoning");
    copy(reasoning, "effort", chat, "reasoning_effort");
  }

  private static void logprobs(ObjectNode request, ObjectNode chat) {
    boolean asked = request.path("top_logprobs").asInt() > 0;
    JsonNode include = request.path("include");
    if (!include.isArray() && !include.isMissingNode() && !include.isNull()) {
      throw Refusal.mustBe("include", "an array of strings");
    }
    for (JsonNode what : include) {
      asked |= what.asText().equals(LOGPROBS);
    }
    if (asked) {
      chat.put("logprobs", true);
      copy(request, "top_logprobs", chat, "top_logprobs");
    }
  }

  private static void object(JsonNode value, String path) {
    if (!value.isObject() && !value.isMissingNode() && !value.isNull()) {
      throw Refusal.mustBe(path, "an object");
    }
  }

  private static void copy(JsonNode from, String name, ObjectNode to, String as) {
    if (from.hasNonNull(name)) {
      to.set(as, from.get(name));
    }
  }
}
