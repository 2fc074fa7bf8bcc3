package io.iir.trace;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import java.io.IOException;

/**
 * The texts of messages, in OpenTelemetry's form: as many as fit into a length, names and brackets
 * included. What comes after that is not read. For one use.
 */
final class MessageTexts {

  /** So many letters each message, and each of its parts, has besides its texts. */
  static final int FRAME = 32;

  private static final int LONGEST_WORD = 32;

  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private int left;

  /** At most {@code most} letters. */
  MessageTexts(int most) {
    this.left = most;
  }

  /** Adds a message with one {@code text}, with which the model ended for {@code reason}. */
  void add(String role, String text, String reason) {
    ObjectNode message = message(role);
    part(message.withArray("parts"), text);
    message.put("finish_reason", reason);
  }

  /**
   * Adds the messages, or choices, that are the array {@code field} of {@code body}, an object.
   *
   * @param role of those that do not say theirs
   */
  void read(byte[] body, String field, String role) {
    try (JsonParser parser = JsonBytes.PLAIN.createParser(body)) {
      parser.nextToken();
      while (left > 0 && parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(field);
        if (parser.nextToken() != JsonToken.START_ARRAY || !wanted) {
          parser.skipChildren();
          continue;
        }
        while (left > 0 && parser.nextToken() == JsonToken.START_OBJECT) {
          read(parser, message(role));
        }
      }
    } catch (IOException e) {
      return; // what is no JSON has no more messages
    }
  }

  /** Reads a message, or a choice with one, to its end. */
  private void read(JsonParser parser, ObjectNode message) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("content")) {
        content(parser, value, message.withArray("parts"));
      } else if (name.equals("message") && value == JsonToken.START_OBJECT) {
        read(parser, message);
      } else if (name.equals("role") || name.equals("finish_reason")) {
        String word = parser.getValueAsString("");
        message.put(name, word.substring(0, Math.min(word.length(), LONGEST_WORD)));
        parser.skipChildren();
      } else {
        parser.skipChildren();
      }
    }
  }

  /** A text, or an array of parts of which some have one. */
  private void content(JsonParser parser, JsonToken value, ArrayNode parts) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      text(parser, parts);
    } else if (value == JsonToken.START_ARRAY) {
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean text = parser.currentName().equals("text");
          if (parser.nextToken() == JsonToken.VALUE_STRING && text) {
            text(parser, parts);
          } else {
            parser.skipChildren();
          }
        }
      }
    }
  }

  private void text(JsonParser parser, ArrayNode parts) throws IOException {
    if (left > 0) {
      part(parts, parser.getText());
    }
  }

  private ObjectNode message(String role) {
    left -= FRAME;
    ObjectNode message = messages.addObject().put("role", role);
    message.putArray("parts");
    return message;
  }

  private void part(ArrayNode parts, String text) {
    left -= FRAME;
    String shown = text.substring(0, Math.clamp(left, 0, text.length()));
    left -= shown.length();
    parts.addObject().put("type", "text").put("content", shown);
  }

  /** The array. */
  @Override
  public String toString() {
    return messages.toString();
  }
}
