package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one {@link ChatRequest} in a single pass. Used once, by one thread. */
final class ChatRequestParser extends BodyParser {

  final MessagesReader messages = new MessagesReader(tokens);
  StreamOptions streamOptions = StreamOptions.ABSENT;
  @Nullable Double temperature;
  int maxCompletionTokens = -1;
  int maxTokens = -1;
  int n = 1;
  boolean stream;
  boolean tools;
  boolean jsonMode;

  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "models",
          "messages",
          "stream",
          "stream_options",
          "max_completion_tokens",
          "max_tokens",
          "n",
          "temperature",
          "tools",
          "functions",
          "response_format");

  private boolean messagesSeen;

  ChatRequestParser() {
    super(KNOWN, "\"messages\": [...]");
  }

  ChatRequest parse(byte[] json, ChatRequest.@Nullable Original original) {
    read(json);
    String model = checkedModel();
    if (!messagesSeen) {
      throw ApiException.invalidRequest(
          "'messages' is missing: send an array with at least one message.", "messages");
    }
    return new ChatRequest(json, original, model, this);
  }

  @Override
  void field(JsonParser in, String name) throws IOException {
    switch (name) {
      case "messages" -> messages(in);
      case "stream" -> stream = flag(in, name);
      case "stream_options" -> streamOptions(in);
      case "max_completion_tokens" -> maxCompletionTokens = positive(in, -1);
      case "max_tokens" -> maxTokens = positive(in, -1);
      case "n" -> n = positive(in, 1);
      case "temperature" -> temperature = number(in);
      case "tools", "functions" -> tools |= isFilledArray(in);
      case "response_format" -> responseFormat(in);
      default -> {}
    }
  }

  @Override
  void passed(String name, int start, int end) {
    if (name.equals("tools") || name.equals("functions")) {
      addTokens(start, end);
    }
  }

  private void messages(JsonParser in) throws IOException {
    messagesSeen = true;
    if (in.currentToken() != JsonToken.START_ARRAY) {
      fault("messages", "must be an array of messages");
      return;
    }
    messages.read(in);
    if (messages.count() == 0) {
      fault("messages", "must not be empty: send at least one message");
    } else if (messages.notAnObject() >= 0) {
      fault(
          "messages[" + messages.notAnObject() + "]",
          "must be an object such as {\"role\": \"user\", \"content\": \"...\"}");
    }
  }

  private void streamOptions(JsonParser in) throws IOException {
    switch (in.currentToken()) {
      case START_OBJECT -> streamOptions = StreamOptions.read(in);
      case VALUE_NULL -> streamOptions = StreamOptions.ofNull(in);
      default -> fault("stream_options", "must be an object");
    }
  }

  private void responseFormat(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    int start = Offsets.start(in);
    boolean schema = false;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      if (in.nextToken() == JsonToken.VALUE_STRING && name.equals("type")) {
        String type = in.getText();
        schema = type.equals("json_schema");
        jsonMode = schema || type.equals("json_object");
      } else {
        in.skipChildren();
      }
    }
    if (schema) {
      addTokens(start, Offsets.end(in));
    }
  }

  private void addTokens(int start, int end) {
    tokens.addUtf8(body, start, end - start);
    tokens.endText();
  }

  /** Whether the current value is an array with something in it; moves the parser past it. */
  private static boolean isFilledArray(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      return false;
    }
    boolean filled = false;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      filled = true;
      in.skipChildren();
    }
    return filled;
  }

  private static @Nullable Double number(JsonParser in) throws IOException {
    if (!in.currentToken().isNumeric()) {
      return null;
    }
    double value = in.getDoubleValue();
    return Double.isFinite(value) ? value : null;
  }
}
