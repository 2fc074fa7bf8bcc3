package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Converse accepts of a request.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">
 *     Converse</a>
 */
final class ConverseRules {

  private static final Set<String> FIELDS =
      Set.of(
          "messages",
          "system",
          "inferenceConfig",
          "toolConfig",
          "guardrailConfig",
          "additionalModelRequestFields",
          "additionalModelResponseFieldPaths",
          "requestMetadata",
          "performanceConfig",
          "serviceTier",
          "outputConfig");

  private static final Set<String> BLOCKS =
      Set.of(
          "text",
          "image",
          "document",
          "audio",
          "toolUse",
          "toolResult",
          "cachePoint",
          "reasoningContent");

  private ConverseRules() {}

  /** Why Bedrock refuses {@code body}; null: it does not. */
  static @Nullable String fault(JsonNode body) {
    for (String field : names(body)) {
      if (!FIELDS.contains(field)) {
        return "extraneous key [%s] is not permitted".formatted(field);
      }
    }
    for (String field : names(body.path("inferenceConfig"))) {
      if (!Set.of("maxTokens", "temperature", "topP", "stopSequences").contains(field)) {
        return "inferenceConfig: extraneous key [%s] is not permitted".formatted(field);
      }
    }
    JsonNode schema = body.at("/outputConfig/textFormat/structure/jsonSchema/schema");
    if (body.has("outputConfig") && !schema.isTextual()) {
      return "outputConfig.textFormat.structure.jsonSchema.schema must be a string";
    }
    String messages = messages(body);
    return messages == null ? tools(body) : messages;
  }

  private static @Nullable String messages(JsonNode body) {
    Set<String> documents = new HashSet<>();
    for (JsonNode document : body.path("messages").findValues("document")) {
      if (!documents.add(document.path("name").asText().toLowerCase(Locale.ROOT))) {
        return "Messages can't contain duplicate document names. Rename the document and retry your"
            + " request.";
      }
    }
    String role = "assistant";
    for (JsonNode message : body.path("messages")) {
      if (message.path("role").asText().equals(role)) {
        return "roles must alternate between user and assistant";
      }
      role = message.path("role").asText();
      if (message.path("content").isEmpty()) {
        return "messages.content must not be empty";
      }
      for (JsonNode block : message.path("content")) {
        String fault = block(block);
        if (fault != null) {
          return fault;
        }
      }
    }
    return role.equals("user") ? null : "the last turn must be the user's";
  }

  private static @Nullable String block(JsonNode block) {
    if (block.size() != 1 || !BLOCKS.contains(names(block).getFirst())) {
      return "a content block must have one member that is known: " + names(block);
    }
    if (block.has("text") && block.path("text").asText().isBlank()) {
      return "The text field in the ContentBlock object is blank";
    }
    JsonNode image = block.path("image");
    if (image.isObject()
        && (!Set.of("png", "jpeg", "gif", "webp").contains(image.path("format").asText())
            || !image.at("/source/bytes").isTextual())) {
      return "image must have a format and bytes";
    }
    JsonNode use = block.path("toolUse");
    if (use.isObject() && !use.path("input").isObject()) {
      return "toolUse.input must be an object";
    }
    String id = use.path("toolUseId").asText(block.at("/toolResult/toolUseId").asText("x"));
    return id.matches("[a-zA-Z0-9_-]{1,64}") ? null : "toolUseId must match [a-zA-Z0-9_-]+";
  }

  private static @Nullable String tools(JsonNode body) {
    Set<String> open = new HashSet<>();
    boolean any = false;
    for (JsonNode message : body.path("messages")) {
      Set<String> now = new HashSet<>();
      for (JsonNode block : message.path("content")) {
        JsonNode result = block.path("toolResult");
        if (block.has("toolUse")) {
          any = true;
          now.add(block.at("/toolUse/toolUseId").asText());
        } else if (result.isObject() && !open.remove(result.path("toolUseId").asText())) {
          return "toolResult has no toolUse in the turn before";
        }
      }
      if (!open.isEmpty()) {
        return "Expected toolResult blocks for the following Ids: " + open;
      }
      open = now;
    }
    if (any && !body.has("toolConfig")) {
      return "The toolConfig field must be defined when using toolUse and toolResult content"
          + " blocks.";
    }
    for (JsonNode tool : body.at("/toolConfig/tools")) {
      if (!tool.has("cachePoint")
          && !tool.at("/toolSpec/inputSchema/json/type").asText().equals("object")) {
        return "toolSpec.inputSchema.json.type must be object";
      }
    }
    return null;
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
