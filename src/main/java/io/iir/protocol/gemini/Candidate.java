package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One candidate of an answer: turns its parts into the members of a message, and remembers between
 * the events of a stream what it has said. One an answer and candidate.
 */
final class Candidate {

  private final CallIds ids;
  private int calls;
  private boolean said;
  private boolean begun;
  private boolean ended;

  Candidate(CallIds ids) {
    this.ids = ids;
  }

  /**
   * The members of a message, or of a delta, that the parts of {@code candidate} are: {@code
   * content}, {@code reasoning_content}, {@code tool_calls}, {@code images} and {@code
   * extra_content}, each if there is something of it.
   */
  ObjectNode read(JsonNode candidate) {
    ObjectNode message = Trees.object();
    StringBuilder content = new StringBuilder();
    StringBuilder thoughts = new StringBuilder();
    ArrayNode toolCalls = Trees.array();
    ArrayNode images = Trees.array();
    for (JsonNode part : candidate.path("content").path("parts")) {
      if (part.has("functionCall")) {
        toolCalls.add(call(part));
        continue;
      }
      StringBuilder text = part.path("thought").asBoolean() ? thoughts : content;
      text.append(part.path("text").asText(""));
      if (part.has("inlineData")) {
        images.add(image(part.path("inlineData")));
      }
      if (part.path("thoughtSignature").isTextual()) {
        message.set("extra_content", signed(part));
      }
    }
    put(message, "content", content);
    put(message, "reasoning_content", thoughts);
    put(message, "tool_calls", toolCalls);
    put(message, "images", images);
    said |= !content.isEmpty() || !images.isEmpty();
    return message;
  }

  /** Why it ended with {@code candidate}, or null if it did not. */
  @Nullable Ending ending(JsonNode candidate) {
    if (!candidate.path("finishReason").isTextual()) {
      return null;
    }
    ended = true;
    return Ending.of(candidate, calls > 0, said);
  }

  /** Whether this is the first time it is asked. */
  boolean begins() {
    boolean first = !begun;
    begun = true;
    return first;
  }

  boolean ended() {
    return ended;
  }

  private ObjectNode call(JsonNode part) {
    JsonNode function = part.path("functionCall");
    ObjectNode call = Trees.object().put("index", calls++);
    String id = function.path("id").asText("");
    call.put("id", id.isEmpty() ? ids.next() : id).put("type", "function");
    JsonNode args = function.path("args");
    call.putObject("function")
        .put("name", function.path("name").asText())
        .put("arguments", args.isObject() ? args.toString() : "{}");
    if (part.path("thoughtSignature").isTextual()) {
      call.set("extra_content", signed(part));
    }
    return call;
  }

  private static ObjectNode signed(JsonNode part) {
    ObjectNode google = Trees.object("thought_signature", part.path("thoughtSignature"));
    return Trees.object("google", google);
  }

  private static ObjectNode image(JsonNode data) {
    String url =
        "data:%s;base64,%s".formatted(data.path("mimeType").asText(), data.path("data").asText());
    ObjectNode image = Trees.object().put("type", "image_url");
    image.putObject("image_url").put("url", url);
    return image;
  }

  private static void put(ObjectNode message, String name, StringBuilder text) {
    if (!text.isEmpty()) {
      message.put(name, text.toString());
    }
  }

  private static void put(ObjectNode message, String name, ArrayNode items) {
    if (!items.isEmpty()) {
      message.set(name, items);
    }
  }
}
