package io.iir.api.messages;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.iir.openai.JsonBytes;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The type of one of Anthropic's events. */
final class EventType {

  private EventType() {}

  /** The field {@code type} of the object that these bytes are. */
  static String of(byte[] bytes, int from, int to) {
    try (JsonParser in = JsonBytes.PLAIN.createParser(bytes, from, to - from)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean type = in.currentName().equals("type");
        in.nextToken();
        if (type) {
          return in.getText();
        }
        in.skipChildren();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "message";
  }
}
