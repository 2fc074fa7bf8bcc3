package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why Anthropic would refuse the body of a request.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages/create">Anthropic's reference</a>
 */
final class AnthropicRules {

  private static final Set<String> FIELDS =
      Set.of(
          "model",
          "max_tokens",
          "messages",
          "system",
          "stream",
          "stop_sequences",
          "temperature",
          "top_p",
          "top_k",
          "tools",
          "tool_choice",
          "thinking",
          "output_config",
          "metadata",
          "service_tier",
          "cache_control",
          "container",
          "inference_geo",
          "speed");

  private static final Set<String> BLOCKS =
      Set.of(
          "text", "image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking");

  private static final Set<String> KEYWORDS =
      Set.of(
          "$defs",
          "$ref",
          "additionalProperties",
          "allOf",
          "anyOf",
          "const",
          "default",
          "definitions",
          "description",
          "enum",
          "format",
          "items",
          "minItems",
          "properties",
          "required",
          "title",
          "type");

  private @Nullable String fault;

  private AnthropicRules() {}

  /** The first fault of {@code body}, or null. */
  static @Nullable String fault(JsonNode body) {
    AnthropicRules rules = new AnthropicRules();
    rules.check(body);
    return rules.fault;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds && fault == null) {
      fault = otherwise;
    }
  }

  private void check(JsonNode body) {
    body.fieldNames()
        .forEachRemaining(
            name -> require(FIELDS.contains(name), name + ": Extra inputs are not permitted"));
    require(body.path("model").isTextual(), "model: Field required");
    require(body.path("max_tokens").asInt() > 0, "max_tokens: Field required");
    require(body.path("temperature").asDouble(0) <= 1, "temperature: must be at most 1 " + body);
    content("system", body.path("system"), true);
    messages(body.path("messages"));
    body.path("stop_sequences")
        .forEach(stop -> require(!stop.asText().isBlank(), "stop_sequences: must be text"));
    for (JsonNode tool : body.path("tools")) {
      require(tool.path("name").asText().matches("[a-zA-Z0-9_-]{1,128}"), "tools.name: pattern");
      require(
          tool.path("input_schema").path("type").asText().equals("object"),
          "tools.input_schema.type: Input should be 'object'");
      if (tool.path("strict").asBoolean()) {
        schema("tools.input_schema", tool.path("input_schema"));
      }
    }
    require(
        body.path("tool_choice").isMissingNode() || body.has("tools"),
        "tool_choice: may only be specified while providing `tools`");
    JsonNode format = body.path("output_config").path("format");
    if (!format.isMissingNode()) {
      require(format.path("schema").isObject(), "output_config.format.schema: Field required");
      schema("output_config.format.schema", format.path("schema"));
    }
    JsonNode thinking = body.path("thinking");
    require(
        !thinking.path("type").asText().equals("enabled")
            || (thinking.path("budget_tokens").asInt() >= 1024
                && thinking.path("budget_tokens").asInt() < body.path("max_tokens").asInt()),
        "thinking.budget_tokens: must be at least 1024 and less than max_tokens");
  }

  /** Objects are closed, and there are no keywords but those that Anthropic documents. */
  private void schema(String at, JsonNode schema) {
    schema
        .fieldNames()
        .forEachRemaining(name ->
            require(KEYWORDS.contains(name), at + ": property '" + name + "' is not supported"));
    String type = schema.path("type").toString();
    require(
        !type.contains("\"object\"")
            || schema.path("additionalProperties").equals(BooleanNode.FALSE),
        at + ": For 'object' type, 'additionalProperties' must be explicitly set to false");
    require(schema.path("minItems").asInt() <= 1, at + ": 'minItems' must be 0 or 1");
    for (String several : List.of("$defs", "definitions", "properties", "anyOf", "allOf")) {
      schema.path(several).forEach(each -> schema(at + "." + several, each));
    }
    if (schema.has("items")) {
      schema(at + ".items", schema.path("items"));
    }
  }

  private void messages(JsonNode messages) {
    require(!messages.isEmpty(), "messages: at least one message is required");
    require(
        messages.path(0).path("role").asText().equals("user"),
        "messages: first message must use the \"user\" role");
    Set<String> open = new HashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      String at = "messages." + i;
      JsonNode message = messages.path(i);
      String role = message.path("role").asText();
      require(Set.of("user", "assistant", "system").contains(role), at + ".role: " + role);
      require(message.size() == 2, at + ": Extra inputs are not permitted");
      content(at, message.path("content"), false);
      Set<String> answered = ids(message, "tool_result", "tool_use_id");
      require(
          answered.equals(open),
          at + ": `tool_use` ids and `tool_result` blocks do not match: " + open + answered);
      open = ids(message, "tool_use", "id");
    }
    require(open.isEmpty(), "messages: the last tool_use has no tool_result");
  }

  private static Set<String> ids(JsonNode message, String type, String field) {
    Set<String> ids = new HashSet<>();
    for (JsonNode block : message.path("content")) {
      if (block.path("type").asText().equals(type)) {
        ids.add(block.path(field).asText());
      }
    }
    return ids;
  }

  private void content(String at, JsonNode content, boolean optional) {
    if (content.isTextual()) {
      require(!content.asText().isBlank(), at + ": text content must be non-empty");
      return;
    }
    require(optional || !content.isEmpty(), at + ".content: Field required");
    boolean othersBefore = false;
    for (JsonNode block : content.isArray() ? content : JsonNodeFactory.instance.arrayNode()) {
      String type = block.path("type").asText();
      require(BLOCKS.contains(type), at + ".content.type: " + type);
      require(!(othersBefore && type.equals("tool_result")), at + ": tool_result must be first");
      othersBefore |= !type.equals("tool_result");
      switch (type) {
        case "text" ->
            require(!block.path("text").asText().isBlank(), at + ": text must be non-empty");
        case "tool_use" -> {
          require(block.path("input").isObject(), at + ".input: should be an object");
          require(block.path("id").asText().matches("[a-zA-Z0-9_-]+"), at + ".id: pattern");
        }
        case "thinking" ->
            require(block.path("signature").isTextual(), at + ".signature: required");
        case "image", "document" ->
            require(block.path("source").isObject(), at + ".source: required");
        default -> {}
      }
    }
  }
}
