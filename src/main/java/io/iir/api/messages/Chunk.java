package io.iir.api.messages;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.JsonBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one chunk of a chat stream says, of its first choice. One a stream, used again for each
 * chunk. Not thread-safe.
 */
final class Chunk {

  /**
   * A piece of a tool call.
   *
   * @param index its number among the calls; -1: not said
   * @param extra what the provider wants back with the call
   */
  record Call(
      int index,
      @Nullable String id,
      @Nullable String name,
      String arguments,
      @Nullable JsonNode extra) {}

  /** A piece of thinking: text, its signature, or what is encrypted. */
  record Detail(String text, @Nullable String signature, @Nullable String data) {}

  final List<Call> calls = new ArrayList<>(2);
  final List<Detail> details = new ArrayList<>(2);
  final StringBuilder thinking = new StringBuilder();
  final StringBuilder text = new StringBuilder();
  @Nullable String id;
  @Nullable String model;
  @Nullable String finish;
  @Nullable String stop;
  @Nullable Spent usage;
  @Nullable JsonNode error;
  int originalFrom;
  int originalTo;

  /**
   * Reads a chunk.
   *
   * @throws IOException if it is no JSON
   */
  void read(byte[] json) throws IOException {
    clear();
    try (JsonParser in = JsonBytes.PLAIN.createParser(json)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        switch (name) {
          case "id" -> id = in.getValueAsString();
          case "model" -> model = in.getValueAsString();
          case "choices" -> choices(in);
          case "usage" -> usage = value == JsonToken.START_OBJECT ? Spent.of(tree(in)) : usage;
          case "error" -> error = value == JsonToken.VALUE_NULL ? null : tree(in);
          case "anthropic_event" -> {
            originalFrom = (int) in.currentTokenLocation().getByteOffset();
            in.skipChildren();
            originalTo = (int) in.currentLocation().getByteOffset();
          }
          default -> in.skipChildren();
        }
      }
    }
  }

  /** Whether this chunk holds the event of Anthropic's that it was made of. */
  boolean hasOriginal() {
    return originalTo > originalFrom;
  }

  private void clear() {
    calls.clear();
    details.clear();
    thinking.setLength(0);
    text.setLength(0);
    id = null;
    model = null;
    finish = null;
    stop = null;
    usage = null;
    error = null;
    originalFrom = 0;
    originalTo = 0;
  }

  private void choices(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      in.skipChildren();
      return;
    }
    boolean first = true;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (first && in.currentToken() == JsonToken.START_OBJECT) {
        choice(in);
      } else {
        in.skipChildren();
      }
      first = false;
    }
  }

  private void choice(JsonParser in) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "delta" -> delta(in);
        case "finish_reason" -> finish = textOrNull(in);
        case "stop_reason" -> stop = textOrNull(in);
        default -> in.skipChildren();
      }
    }
  }

  private void delta(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "content" -> content(in);
        case "refusal" -> append(in, text);
        case "reasoning_content", "reasoning" -> {
          if (thinking.isEmpty()) { // some send both, with the same text
            append(in, thinking);
          } else {
            in.skipChildren();
          }
        }
        case "reasoning_details" -> tree(in).forEach(this::detail);
        case "tool_calls" -> {
          if (value == JsonToken.START_ARRAY) {
            tree(in).forEach(this::call);
          }
        }
        default -> in.skipChildren();
      }
    }
  }

  private void content(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      append(in, text);
      return;
    }
    for (JsonNode part : tree(in)) { // Mistral's parts
      part.path("thinking").forEach(each -> thinking.append(each.path("text").asText("")));
      text.append(part.path("text").asText(""));
    }
  }

  private void detail(JsonNode detail) {
    details.add(
        new Detail(
            detail.path("text").asText(""),
            detail.path("signature").asText(null),
            detail.path("data").asText(null)));
  }

  private void call(JsonNode call) {
    JsonNode function = call.path("function");
    calls.add(
        new Call(
            call.path("index").asInt(-1),
            call.path("id").asText(null),
            function.path("name").asText(null),
            arguments(function.path("arguments")),
            call.path(Foreign.EXTRA).isObject() ? call.path(Foreign.EXTRA) : null));
  }

  private static String arguments(JsonNode arguments) {
    return arguments.isObject() ? arguments.toString() : arguments.asText("");
  }

  private static void append(JsonParser in, StringBuilder to) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      to.append(in.getTextCharacters(), in.getTextOffset(), in.getTextLength());
    } else {
      in.skipChildren();
    }
  }

  private static @Nullable String textOrNull(JsonParser in) throws IOException {
    String text = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : null;
    in.skipChildren();
    return text;
  }

  private static JsonNode tree(JsonParser in) throws IOException {
    return JsonBytes.PART.readTree(in);
  }
}
