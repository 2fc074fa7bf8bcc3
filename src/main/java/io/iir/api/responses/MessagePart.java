package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.api.EscapedText;
import io.iir.api.JsonOut;
import io.iir.api.RawJson;
import io.iir.openai.JsonBytes;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One part of a message, from its first piece to its last. Not thread-safe. */
final class MessagePart {

  /** What it is, with its type, its field, and the events that tell of it. */
  enum Kind {
    /** What the model says. */
    TEXT("output_text", "text", "response.output_text"),
    /** Why it will not answer. */
    REFUSAL("refusal", "refusal", "response.refusal");

    private final String type;
    private final String field;
    private final String event;

    Kind(String type, String field, String event) {
      this.type = type;
      this.field = field;
      this.event = event;
    }
  }

  private final Kind kind;
  private final String place;
  private final EscapedText text = new EscapedText();
  private final List<RawJson> logprobs = new ArrayList<>(0);
  private final List<byte[]> annotations = new ArrayList<>(0);

  /** A part without text; {@code place} has the members of an event that say where it is. */
  MessagePart(Kind kind, String place) {
    this.kind = kind;
    this.place = place;
  }

  Kind kind() {
    return kind;
  }

  void announce(Events events) {
    tell("response.content_part.added", events);
  }

  void add(RawJson piece, @Nullable RawJson probabilities, Events events) {
    text.add(piece);
    if (probabilities != null) {
      logprobs.add(probabilities);
    }
    ByteBuf event = events.begin(kind.event + ".delta", place);
    if (event != null) {
      JsonOut.raw(event, ",\"delta\":");
      piece.writeTo(event);
      if (kind == Kind.TEXT) {
        writeLogprobs(event, probabilities == null ? List.of() : List.of(probabilities));
      }
      Events.end(event);
    }
  }

  /** Adds a chat's annotations: there what they say is within an object of their type's name. */
  void annotate(RawJson list, Events events) {
    for (JsonNode given : JsonBytes.tree(list.bytes())) {
      ObjectNode annotation = JsonBytes.TREE.createObjectNode();
      annotation.set("type", given.path("type"));
      if (given.path(given.path("type").asText()) instanceof ObjectNode inner) {
        annotation.setAll(inner);
      } else if (given instanceof ObjectNode flat) {
        annotation.setAll(flat);
      }
      byte[] json = JsonBytes.write(annotation);
      ByteBuf event = events.begin("response.output_text.annotation.added", place);
      if (event != null) {
        JsonOut.raw(event, ",\"annotation_index\":");
        JsonOut.number(event, annotations.size());
        JsonOut.raw(event, ",\"annotation\":");
        event.writeBytes(json);
        Events.end(event);
      }
      annotations.add(json);
    }
  }

  void finish(Events events) {
    ByteBuf event = events.begin(kind.event + ".done", place);
    if (event != null) {
      JsonOut.raw(event, ",\"" + kind.field + "\":");
      text.writeTo(event);
      if (kind == Kind.TEXT) {
        writeLogprobs(event, logprobs);
      }
      Events.end(event);
    }
    tell("response.content_part.done", events);
  }

  void writeTo(ByteBuf out) {
    JsonOut.raw(out, "{\"type\":\"" + kind.type + "\"");
    if (kind == Kind.TEXT) {
      JsonOut.raw(out, ",\"annotations\":[");
      for (int i = 0; i < annotations.size(); i++) {
        JsonOut.raw(out, i == 0 ? "" : ",");
        out.writeBytes(annotations.get(i));
      }
      JsonOut.raw(out, "]");
      writeLogprobs(out, logprobs);
    }
    JsonOut.raw(out, ",\"" + kind.field + "\":");
    text.writeTo(out);
    JsonOut.raw(out, "}");
  }

  private void tell(String type, Events events) {
    ByteBuf event = events.begin(type, place);
    if (event != null) {
      JsonOut.raw(event, ",\"part\":");
      writeTo(event);
      Events.end(event);
    }
  }

  /** Writes {@code lists}, of which none is empty, as one. */
  private static void writeLogprobs(ByteBuf out, List<RawJson> lists) {
    JsonOut.raw(out, ",\"logprobs\":[");
    for (int i = 0; i < lists.size(); i++) {
      RawJson list = lists.get(i);
      JsonOut.raw(out, i == 0 ? "" : ",");
      out.writeBytes(list.source(), list.start() + 1, list.end() - list.start() - 2);
    }
    JsonOut.raw(out, "]");
  }
}
