package io.iir.api.messages;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.iir.openai.JsonBytes;
import io.iir.openai.ModelRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A whole chat completion as Anthropic's message: its first choice. What Anthropic itself has
 * answered stays as it is.
 */
final class AnswerWriter {

  /** Where an answer in OpenAI's form holds the message that it was made of. */
  static final String ORIGINAL = "anthropic_message";

  private final JsonGenerator json;

  private AnswerWriter(JsonGenerator json) {
    this.json = json;
  }

  /** The message for {@code completion}, which answers {@code request}. */
  static byte[] write(byte[] completion, ModelRequest request) {
    try {
      JsonNode tree = JsonBytes.TREE.readTree(completion);
      if (tree.path(ORIGINAL).isObject()) {
        return JsonBytes.write(tree.path(ORIGINAL));
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream(completion.length + 256);
      try (JsonGenerator json = JsonBytes.TREE.createGenerator(out)) {
        new AnswerWriter(json).message(tree, request);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void message(JsonNode completion, ModelRequest request) throws IOException {
    JsonNode choice = completion.path("choices").path(0);
    JsonNode message = choice.path("message");
    json.writeStartObject();
    json.writeStringField("id", Ids.message(completion.path("id").asText(null)));
    json.writeStringField("type", "message");
    json.writeStringField("role", "assistant");
    json.writeStringField("model", completion.path("model").asText(request.model()));
    json.writeArrayFieldStart("content");
    thinking(message);
    content(message.path("content"));
    text(message.path("refusal").asText(""));
    for (JsonNode call : message.path("tool_calls")) {
      toolUse(call);
    }
    json.writeEndArray();
    String stop = StopSequences.met(choice.path("stop_reason"), request);
    boolean tools = !message.path("tool_calls").isEmpty();
    json.writeStringField(
        "stop_reason",
        StopReason.of(choice.path("finish_reason").asText(null), tools, stop != null));
    json.writeStringField("stop_sequence", stop);
    JsonNode usage = completion.path("usage");
    Spent spent = usage.isObject() ? Spent.of(usage) : new Spent(request.promptTokens(), 0, 0, 0);
    spent.write(json);
    json.writeEndObject();
  }

  /** The thoughts with their signatures where they have one, else as plain text. */
  private void thinking(JsonNode message) throws IOException {
    JsonNode details = message.path("reasoning_details");
    boolean told = false;
    for (JsonNode detail : details) {
      String text = detail.path("text").asText("");
      if (!text.isEmpty() || detail.hasNonNull("signature")) {
        told = true;
        thought(text, detail.path("signature").asText(""));
      } else if (detail.hasNonNull("data")) {
        json.writeStartObject();
        json.writeStringField("type", "redacted_thinking");
        json.writeStringField("data", detail.path("data").asText());
        json.writeEndObject();
      }
    }
    String plain = message.path("reasoning_content").asText("");
    String text = plain.isEmpty() ? message.path("reasoning").asText("") : plain;
    if (!told && !text.isEmpty()) {
      thought(text, "");
    }
  }

  private void thought(String text, String signature) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "thinking");
    json.writeStringField("thinking", text);
    json.writeStringField("signature", signature);
    json.writeEndObject();
  }

  /** A string, or parts as Mistral has them, among which may be thoughts. */
  private void content(JsonNode content) throws IOException {
    if (!content.isArray()) {
      text(content.asText(""));
      return;
    }
    for (JsonNode part : content) {
      if (part.path("type").asText().equals("thinking")) {
        StringBuilder thought = new StringBuilder();
        part.path("thinking").forEach(each -> thought.append(each.path("text").asText("")));
        thought(thought.toString(), "");
      } else {
        text(part.path("text").asText(""));
      }
    }
  }

  private void text(String text) throws IOException {
    if (!text.isEmpty()) {
      json.writeStartObject();
      json.writeStringField("type", "text");
      json.writeStringField("text", text);
      json.writeEndObject();
    }
  }

  private void toolUse(JsonNode call) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "tool_use");
    String id = call.path("id").asText("");
    json.writeStringField("id", id.isEmpty() ? Ids.toolCall() : id);
    json.writeStringField("name", call.path("function").path("name").asText(""));
    json.writeFieldName("input");
    json.writeTree(input(call.path("function").path("arguments")));
    json.writeObjectFieldStart("caller");
    json.writeStringField("type", "direct");
    json.writeEndObject();
    if (call.path(Foreign.EXTRA).isObject()) {
      json.writeFieldName(Foreign.EXTRA);
      json.writeTree(call.path(Foreign.EXTRA));
    }
    json.writeEndObject();
  }

  /** The arguments as an object; text that is none, which a model may write, in one. */
  private static JsonNode input(JsonNode arguments) {
    if (arguments.isObject()) {
      return arguments;
    }
    String text = arguments.asText("");
    JsonNode input = text.isBlank() ? JsonNodeFactory.instance.objectNode() : parsed(text);
    return input != null && input.isObject()
        ? input
        : JsonNodeFactory.instance.objectNode().set("arguments", TextNode.valueOf(text));
  }

  private static @Nullable JsonNode parsed(String text) {
    try {
      return JsonBytes.TREE.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
