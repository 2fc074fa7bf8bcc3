package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.protocol.ClaudeSchema;
import java.util.Set;

/** Turns a chat request into the body of Converse. For one request. */
final class ConverseBody {

  private static final String JSON_ONLY =
      "Answer with one valid JSON object and nothing else: no text before or after it.";

  private final BedrockModel model;
  private final Set<String> dropped;
  private final ObjectNode body = Trees.object();

  /** For {@code model}; what is left out is noted in {@code dropped}. */
  ConverseBody(BedrockModel model, Set<String> dropped) {
    this.model = model;
    this.dropped = dropped;
  }

  ObjectNode of(JsonNode chat) {
    BedrockFields.check(chat, dropped);
    ArrayNode system = Trees.array();
    ArrayNode messages = Trees.array();
    new Conversation(model, system, messages, dropped).read(chat.path("messages"));
    body.set("messages", messages);
    if (chat.path("response_format").path("type").asText("").equals("json_object")) {
      system.addObject().put("text", JSON_ONLY);
    }
    if (!system.isEmpty()) {
      body.set("system", system);
    }
    inference(chat);
    ConverseTools.into(body, chat, model, dropped);
    format(chat.path("response_format"));
    tier(chat.path("service_tier").asText("auto"));
    for (String own : new String[] {"guardrailConfig", "performanceConfig", "requestMetadata"}) {
      copy(chat, own);
    }
    copy(chat, "additionalModelResponseFieldPaths");
    modelFields(chat);
    return body;
  }

  private void copy(JsonNode chat, String field) {
    JsonNode value = chat.path(field);
    if (!value.isNull() && !value.isMissingNode()) {
      body.set(field, value);
    }
  }

  private void inference(JsonNode chat) {
    ObjectNode config = Trees.object();
    JsonNode most = chat.path("max_completion_tokens");
    put(config, "maxTokens", most.isNumber() ? most : chat.path("max_tokens"));
    sampling(config, chat);
    JsonNode stop = chat.path("stop");
    if (stop.isTextual()) {
      config.putArray("stopSequences").add(stop);
    } else if (stop.isArray() && !stop.isEmpty()) {
      config.set("stopSequences", stop);
    }
    if (!config.isEmpty()) {
      body.set("inferenceConfig", config);
    }
  }

  /** A Claude takes no temperature above 1, and newer ones not all that there is besides. */
  private void sampling(ObjectNode config, JsonNode chat) {
    JsonNode temperature = chat.path("temperature");
    boolean tooHigh = model.isClaude() && temperature.isNumber() && temperature.asDouble() > 1;
    put(config, "temperature", tooHigh ? config.numberNode(1) : temperature);
    put(config, "topP", chat.path("top_p"));
    if (model.claude().refusesSampling()) {
      leaveOut(config, "temperature", "temperature");
      leaveOut(config, "topP", "top_p");
    } else if (model.claude().refusesBothSamplings() && config.has("temperature")) {
      leaveOut(config, "topP", "top_p");
    }
  }

  private void leaveOut(ObjectNode from, String name, String field) {
    if (from.remove(name) != null) {
      dropped.add(field);
    }
  }

  private static void put(ObjectNode to, String name, JsonNode value) {
    if (value.isNumber()) {
      to.set(name, value);
    }
  }

  /** A schema is sent as a text. */
  private void format(JsonNode format) {
    switch (format.path("type").asText("text")) {
      case "text", "json_object" -> {}
      case "json_schema" -> {
        JsonNode said = format.path("json_schema");
        ObjectNode schema = Trees.object();
        schema.put("schema", schema(format).toString());
        if (said.path("name").isTextual()) {
          schema.set("name", said.path("name"));
        }
        if (said.path("description").isTextual()) {
          schema.set("description", said.path("description"));
        }
        ObjectNode text = Trees.object().put("type", "json_schema");
        text.set("structure", Trees.object("jsonSchema", schema));
        body.set("outputConfig", Trees.object("textFormat", text));
      }
      default ->
          throw ApiException.invalidRequest(
              "response_format.type must be text, json_object or json_schema.",
              "response_format.type");
    }
  }

  private JsonNode schema(JsonNode format) {
    if (model.family() != BedrockModel.Family.CLAUDE) {
      return format.path("json_schema").path("schema");
    }
    ClaudeSchema schema = ClaudeSchema.ofFormat(format);
    if (schema.stripped()) {
      dropped.add(ClaudeSchema.FIELD);
    }
    return schema.schema();
  }

  private void tier(String tier) {
    switch (tier) {
      case "auto" -> {}
      case "default", "flex", "priority" ->
          body.set("serviceTier", Trees.object().put("type", tier));
      default -> dropped.add("service_tier");
    }
  }

  /** What models take besides, each in its own terms. */
  private void modelFields(JsonNode chat) {
    ObjectNode fields = Trees.object();
    JsonNode topK = chat.path("top_k");
    if (topK.isNumber()) {
      switch (model.family()) {
        case NOVA -> fields.set("inferenceConfig", Trees.object("topK", topK));
        case COHERE -> fields.set("k", topK);
        default -> fields.set("top_k", topK);
      }
      if (model.claude().refusesSampling()) {
        leaveOut(fields, "top_k", "top_k");
      }
    }
    new Thinking(model, dropped).into(fields, chat, body);
    if (chat.path("additionalModelRequestFields") instanceof ObjectNode said) {
      fields.setAll(said);
    }
    if (!fields.isEmpty()) {
      body.set("additionalModelRequestFields", fields);
    }
  }
}
