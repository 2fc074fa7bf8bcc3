package io.iir.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code tool_calls}. Used once. */
final class CallReader {

  private final byte[] source;
  private int index = -1;
  private boolean custom;
  private @Nullable RawJson id;
  private @Nullable RawJson name;
  private @Nullable RawJson input;
  private @Nullable RawJson extra;

  CallReader(byte[] source) {
    this.source = source;
  }

  /** Reads from the object's start, where the parser is, to its end. */
  ChatCall read(JsonParser in) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      switch (field) {
        case "index" -> index = value.isNumeric() ? in.getIntValue() : index;
        case "id" -> id = string(in);
        case "function", "custom" -> {
          custom |= field.equals("custom") && value == JsonToken.START_OBJECT;
          function(in);
        }
        case "extra_content" ->
            extra = value == JsonToken.START_OBJECT ? RawJson.of(in, source) : null;
        default -> {}
      }
      in.skipChildren();
    }
    return new ChatCall(index, id, name, input, custom, extra);
  }

  private void function(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "name" -> name = string(in);
        case "arguments", "input" -> input = string(in);
        default -> {}
      }
      in.skipChildren();
    }
  }

  private @Nullable RawJson string(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      return null;
    }
    RawJson text = RawJson.of(in, source);
    return text.isEmpty() ? null : text;
  }
}
