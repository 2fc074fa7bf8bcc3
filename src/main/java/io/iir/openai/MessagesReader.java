package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/**
 * Reads the {@code messages} of a request: counts them and their tokens, looks for images, and
 * keeps the texts of the last two by the user, and of the system prompt. For one request.
 */
final class MessagesReader {

  private static final int NONE = -1;
  private static final Set<String> FILES =
      Set.of("file", "input_file", "document", "video_url", "input_video", "video");

  private final TokenEstimator tokens;
  private BoundedText text = new BoundedText();
  private BoundedText lastUserText = new BoundedText();
  private BoundedText previousUserText = new BoundedText();
  private final BoundedText systemText = new BoundedText();
  private int count;
  private int notAnObject = NONE;
  private int images;
  private int files;

  MessagesReader(TokenEstimator tokens) {
    this.tokens = tokens;
  }

  /** Reads from the array's start, where the parser is, to its end. */
  void read(JsonParser in) throws IOException {
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() == JsonToken.START_OBJECT) {
        message(in);
      } else {
        notAnObject = notAnObject == NONE ? count : notAnObject;
        in.skipChildren();
      }
      count++;
    }
  }

  int count() {
    return count;
  }

  /** The index of the first message that is no object, negative if there is none. */
  int notAnObject() {
    return notAnObject;
  }

  /** How many parts are images. */
  int images() {
    return images;
  }

  /** How many parts are documents or films. */
  int files() {
    return files;
  }

  String lastUserText() {
    return lastUserText.toString();
  }

  /** The beginning of the text of the user message before the last. */
  String previousUserText() {
    return previousUserText.context();
  }

  /** The beginning of what the system prompt says. */
  String systemText() {
    return systemText.context();
  }

  private void message(JsonParser in) throws IOException {
    text.clear();
    boolean user = false;
    boolean system = false;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "role" -> {
          String role = value == JsonToken.VALUE_STRING ? in.getText() : "";
          user = role.equals("user");
          system = role.equals("system") || role.equals("developer");
          in.skipChildren();
        }
        case "content" -> content(in);
        case "name", "refusal", "reasoning_content", "tool_calls", "function_call" -> strings(in);
        default -> in.skipChildren();
      }
    }
    tokens.addMessage();
    if (user) {
      BoundedText spare = previousUserText;
      previousUserText = lastUserText;
      lastUserText = text;
      text = spare;
    } else if (system) {
      systemText.addContext(text);
    }
  }

  private void content(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      text(in);
    } else if (in.currentToken() == JsonToken.START_ARRAY) {
      while (in.nextToken() != JsonToken.END_ARRAY) {
        if (in.currentToken() == JsonToken.START_OBJECT) {
          part(in);
        } else {
          in.skipChildren();
        }
      }
    } else {
      in.skipChildren();
    }
  }

  private void part(JsonParser in) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      boolean string = in.nextToken() == JsonToken.VALUE_STRING;
      if (string && name.equals("text")) {
        text(in);
      } else if (string && name.equals("type")) {
        typed(in.getText());
      } else {
        in.skipChildren();
      }
    }
  }

  private void typed(String type) {
    if (isImage(type)) {
      images++;
      tokens.addImage();
    } else if (FILES.contains(type)) {
      files++;
    }
  }

  private static boolean isImage(String type) {
    return type.equals("image_url") || type.equals("input_image") || type.equals("image");
  }

  private void text(JsonParser in) throws IOException {
    char[] chars = in.getTextCharacters();
    int offset = in.getTextOffset();
    int length = in.getTextLength();
    tokens.add(chars, offset, length);
    tokens.endText();
    text.add(chars, offset, length);
  }

  /** Counts the tokens of all strings in the current value. */
  private void strings(JsonParser in) throws IOException {
    int depth = 0;
    JsonToken token = in.currentToken();
    while (true) {
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING) {
        tokens.add(in.getTextCharacters(), in.getTextOffset(), in.getTextLength());
        tokens.endText();
      }
      if (depth == 0) {
        return;
      }
      token = in.nextToken();
    }
  }
}
