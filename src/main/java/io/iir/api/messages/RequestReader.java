package io.iir.api.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.auth.Sha256;
import io.iir.openai.ChatRequest;
import io.iir.openai.ChatRequest.Original;
import io.iir.openai.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A request of the Messages API as a chat request in OpenAI's form.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages/create">Anthropic's reference</a>
 */
final class RequestReader {

  /** The longest {@code user} that OpenAI takes. */
  private static final int LONGEST_USER = 64;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What only Anthropic can do, each with what it is; all else that is not known is left out. */
  private static final List<String> ONLY_ANTHROPIC =
      List.of("container", "mcp_servers", "inference_geo");

  /** What is carried, checked or refused by what follows. */
  private static final Set<String> TRANSLATED =
      Set.of(
          "max_tokens",
          "messages",
          "metadata",
          "model",
          "output_config",
          "output_format",
          "stop_sequences",
          "stream",
          "system",
          "temperature",
          "thinking",
          "tool_choice",
          "tools",
          "top_k",
          "top_p");

  private static final int MOST_LEFT_OUT = 10;

  private final String api;
  private final UnaryOperator<String> names;

  /**
   * A reader for the API of the name {@code api} that gives a model the name that {@code names}
   * makes of the client's.
   */
  RequestReader(String api, UnaryOperator<String> names) {
    this.api = api;
    this.names = names;
  }

  /**
   * Reads a body that is to be answered.
   *
   * @throws io.iir.openai.ApiException 400 with the field's path as {@code param}
   */
  ChatRequest read(byte[] body) {
    ObjectNode tree = JsonBytes.object(body);
    JsonNode limit = tree.path("max_tokens");
    if (!limit.isIntegralNumber() || limit.longValue() < 1) {
      throw new At(limit, "max_tokens").wrong("must be an integer of at least 1");
    }
    return read(tree, body);
  }

  /** Reads a body whose tokens are to be counted: one that need not say how many may be made. */
  ChatRequest readToCount(byte[] body) {
    return read(JsonBytes.object(body), body);
  }

  private ChatRequest read(ObjectNode tree, byte[] body) {
    At request = new At(tree, "");
    OnlyAnthropic only = new OnlyAnthropic();
    ObjectNode out = JSON.objectNode();
    out.put("model", names.apply(model(request.field("model"))));
    Conversation conversation = new Conversation(out.putArray("messages"), only);
    conversation.system(request.field("system"));
    At messages = request.field("messages");
    List<At> turns = messages.entries();
    if (turns.isEmpty()) {
      throw messages.wrong("must be an array with at least one message");
    }
    turns.forEach(conversation::turn);
    Tools.put(request, out, only);
    settings(request, out);
    for (String field : ONLY_ANTHROPIC) {
      if (!request.field(field).absent()) {
        only.note(request.field(field), "a feature of Anthropic's servers");
      }
    }
    byte[] original = conversation.foreign() ? Foreign.without(tree) : body;
    boolean said = !request.field("output_config").field("effort").absent();
    return ChatRequest.of(
        JsonBytes.write(out),
        Original.only(api, original, only.refusal()).guessing(!said).without(leftOut(tree)));
  }

  /** What has no place in a chat request; of many no more than are worth reading. */
  private static List<String> leftOut(ObjectNode tree) {
    return tree.propertyStream()
        .map(Map.Entry::getKey)
        .filter(field -> !TRANSLATED.contains(field) && !ONLY_ANTHROPIC.contains(field))
        .limit(MOST_LEFT_OUT)
        .toList();
  }

  private static String model(At model) {
    String name = model.string();
    if (name.isBlank() || name.length() > ChatRequest.MAX_MODEL) {
      throw model.wrong("must have 1 to %d characters".formatted(ChatRequest.MAX_MODEL));
    }
    return name;
  }

  private static void settings(At request, ObjectNode out) {
    copy(request.field("max_tokens"), "max_tokens", out);
    copy(request.field("temperature"), "temperature", out);
    copy(request.field("top_p"), "top_p", out);
    copy(request.field("top_k"), "top_k", out);
    if (!request.field("stop_sequences").entries().isEmpty()) {
      copy(request.field("stop_sequences"), "stop", out);
    }
    String effort = Effort.of(request);
    if (effort != null) {
      out.put("reasoning_effort", effort);
    }
    format(request, out);
    String user = request.field("metadata").field("user_id").optional();
    if (user != null && !user.isEmpty()) {
      out.put("user", user.length() <= LONGEST_USER ? user : hash(user));
    }
    At stream = request.field("stream");
    if (!stream.absent() && !stream.node().isBoolean()) {
      throw stream.wrong("must be true or false");
    }
    if (stream.isTrue()) {
      out.put("stream", true);
      out.putObject("stream_options").put("include_usage", true);
    }
  }

  private static void copy(At value, String name, ObjectNode out) {
    if (!value.absent()) {
      out.set(name, value.node());
    }
  }

  /** {@code output_config.format}, or {@code output_format} of the time before that. */
  private static void format(At request, ObjectNode out) {
    At now = request.field("output_config").field("format");
    At format = now.absent() ? request.field("output_format") : now;
    if (format.absent()) {
      return;
    }
    if (!format.type().equals("json_schema")) {
      throw format.field("type").wrong("must be \"json_schema\"");
    }
    if (!format.field("schema").node().isObject()) {
      throw format.field("schema").wrong("must be a JSON schema, an object");
    }
    ObjectNode made = out.putObject("response_format").put("type", "json_schema");
    JsonNode schema = format.field("schema").node();
    made.putObject("json_schema")
        .put("name", "answer")
        .put("strict", isStrict(schema))
        .set("schema", schema);
  }

  /** Whether each object in it is closed and needs all its properties, as strict servers insist. */
  private static boolean isStrict(JsonNode schema) {
    if (schema.path("type").asText().equals("object") || schema.path("properties").isObject()) {
      Set<String> required = new HashSet<>();
      schema.path("required").forEach(name -> required.add(name.asText()));
      JsonNode more = schema.path("additionalProperties");
      if (!more.isBoolean() || more.booleanValue()) {
        return false;
      }
      for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
        if (!required.contains(property.getKey()) || !isStrict(property.getValue())) {
          return false;
        }
      }
    }
    for (Map.Entry<String, JsonNode> part : schema.properties()) {
      if (!part.getKey().equals("properties") && !isStrict(part.getValue())) {
        return false;
      }
    }
    return areStrict(schema);
  }

  private static boolean areStrict(JsonNode schemas) {
    if (schemas.isArray()) {
      for (JsonNode each : schemas) {
        if (!isStrict(each)) {
          return false;
        }
      }
    }
    return true;
  }

  private static String hash(String user) {
    byte[] digest = Sha256.digest().digest(user.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }
}
