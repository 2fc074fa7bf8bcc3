package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.protocol.Claude;
import io.iir.protocol.ClaudeSchema;
import io.iir.protocol.Handling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns a chat request into the body of a call of Anthropic's Messages API. For one request.
 *
 * <p>{@code max_tokens} is what the client says, else the most that the model can. A temperature
 * above 1 is 1, as Anthropic's own OpenAI endpoint has it. JSON by a schema is {@code
 * output_config.format}, as {@link ClaudeSchema} has it; JSON without one has no field at Anthropic
 * and is asked for in {@code system}.
 */
final class MessagesRequest {

  /** Fields of Anthropic's that go out as they are. */
  private static final List<String> OWN =
      List.of(
          "thinking",
          "output_config",
          "top_k",
          "cache_control",
          "container",
          "context_management",
          "mcp_servers",
          "inference_geo",
          "speed");

  private static final Set<String> SAMPLING = Set.of("temperature", "top_p", "top_k");
  private static final int MAX_USER = 256;
  private static final String JSON_ONLY =
      "Answer with one JSON object and nothing else: no code fence, no text around it.";

  private final Claude model;
  private final TreeSet<String> dropped = new TreeSet<>();
  private final ObjectNode body = JsonNodeFactory.instance.objectNode();

  private MessagesRequest(Claude model) {
    this.model = model;
  }

  /**
   * What goes out.
   *
   * @param body the JSON
   * @param dropped the client's fields that are not in it
   */
  record Translated(ObjectNode body, List<String> dropped) {}

  /**
   * Translates {@code chat}, which is the body of {@code request}, for the model {@code upstream}.
   *
   * @throws ApiException 400 that names the field which Anthropic has no place for
   */
  static Translated of(ObjectNode chat, ChatRequest request, String upstream) {
    MessagesRequest translation = new MessagesRequest(Claude.named(upstream));
    removeNulls(chat);
    translation.body.put("model", upstream);
    translation.translate(chat, request);
    return new Translated(translation.body, new ArrayList<>(translation.dropped));
  }

  private static void removeNulls(ObjectNode chat) {
    List<String> nulls = new ArrayList<>();
    chat.properties()
        .forEach(field -> {
          if (field.getValue().isNull()) {
            nulls.add(field.getKey());
          }
        });
    chat.remove(nulls);
  }

  private void translate(ObjectNode chat, ChatRequest request) {
    FieldTable.refuse(chat);
    int most = request.maxTokens();
    body.put("max_tokens", most > 0 ? most : model.maxTokens());
    new Conversation(model, dropped).translate(chat.path("messages"), body);
    if (request.stream()) {
      body.put("stream", true);
    }
    stop(chat.path("stop"));
    new Tools(model, dropped).translate(chat, body);
    for (String field : OWN) {
      if (chat.has(field)) {
        body.set(field, chat.path(field));
      }
    }
    sampling(chat);
    format(chat.path("response_format"));
    user(chat);
    serviceTier(chat.path("service_tier").asText(""));
    new Thinking(model, dropped).translate(chat, body);
    drop(chat);
  }

  private void stop(JsonNode stop) {
    if (stop.isTextual()) {
      sequence(stop);
    }
    stop.forEach(this::sequence);
  }

  private void sequence(JsonNode sequence) {
    if (sequence.asText().isBlank()) {
      throw ApiException.invalidRequest(
          "stop must not be blank: Anthropic refuses stop sequences of white space.", "stop");
    }
    body.withArray("stop_sequences").add(sequence);
  }

  private void sampling(ObjectNode chat) {
    JsonNode temperature = chat.path("temperature");
    if (!temperature.isMissingNode()) {
      boolean tooHigh = temperature.isNumber() && temperature.asDouble() > 1;
      body.set("temperature", tooHigh ? JsonNodeFactory.instance.numberNode(1) : temperature);
    }
    if (chat.has("top_p")) {
      body.set("top_p", chat.path("top_p"));
    }
    if (model.refusesSampling()) {
      SAMPLING.forEach(this::leaveOut);
    } else if (model.refusesBothSamplings() && body.has("temperature")) {
      leaveOut("top_p");
    }
  }

  private void leaveOut(String field) {
    if (body.remove(field) != null) {
      dropped.add(field);
    }
  }

  private void format(JsonNode format) {
    switch (format.path("type").asText("text")) {
      case "text" -> {}
      case "json_object" -> askForJson();
      case "json_schema" -> {
        if (!model.hasSchemas()) {
          throw ApiException.invalidRequest(
              "response_format has a schema, which this model does not answer by.",
              "response_format");
        }
        ClaudeSchema schema = ClaudeSchema.ofFormat(format);
        if (schema.stripped()) {
          dropped.add(ClaudeSchema.FIELD);
        }
        body.withObject("/output_config")
            .putObject("format")
            .put("type", "json_schema")
            .set("schema", schema.schema());
      }
      default ->
          throw ApiException.invalidRequest(
              "response_format.type must be text, json_object or json_schema.",
              "response_format.type");
    }
  }

  private void askForJson() {
    JsonNode system = body.path("system");
    if (system.isArray()) {
      body.withArray("system").addObject().put("type", "text").put("text", JSON_ONLY);
    } else {
      String before = system.isTextual() ? system.asText() + "\n\n" : "";
      body.put("system", before + JSON_ONLY);
    }
  }

  private void user(ObjectNode chat) {
    JsonNode metadata = chat.path("metadata");
    for (JsonNode user :
        List.of(metadata.path("user_id"), chat.path("user"), chat.path("safety_identifier"))) {
      if (user.isTextual() && user.asText().length() <= MAX_USER) {
        body.putObject("metadata").set("user_id", user);
        break;
      }
    }
    if (metadata.size() > (metadata.has("user_id") ? 1 : 0)) {
      dropped.add("metadata");
    }
    for (String field : List.of("user", "safety_identifier")) {
      if (chat.has(field) && !chat.path(field).equals(body.path("metadata").path("user_id"))) {
        dropped.add(field);
      }
    }
  }

  private void serviceTier(String tier) {
    switch (tier) {
      case "" -> {}
      case "auto", "standard_only" -> body.put("service_tier", tier);
      case "default" -> body.put("service_tier", "standard_only");
      default -> dropped.add("service_tier");
    }
  }

  /** Names what Anthropic has no place for. */
  private void drop(ObjectNode chat) {
    Map<String, Handling> known = FieldTable.FIELDS;
    chat.fieldNames()
        .forEachRemaining(name -> {
          boolean own = OWN.contains(name) || name.equals("reasoning");
          boolean dropping = known.get(name) == Handling.DROPPED;
          if (dropping || (!own && !known.containsKey(name))) {
            dropped.add(name);
          }
        });
  }
}
