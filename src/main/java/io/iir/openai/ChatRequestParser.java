package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one {@link ChatRequest} in a single pass. A fault of the JSON itself goes before a fault of
 * a field, whichever comes first in the body. Used once, by one thread.
 */
final class ChatRequestParser {

  final List<TopLevelField> fields = new ArrayList<>(12);
  final TokenEstimator tokens = new TokenEstimator();
  final MessagesReader messages = new MessagesReader(tokens);
  StreamOptions streamOptions = StreamOptions.ABSENT;
  @Nullable Double temperature;
  List<String> fallbacks = List.of();
  int maxCompletionTokens = -1;
  int maxTokens = -1;
  int n = 1;
  boolean stream;
  boolean tools;
  boolean jsonMode;

  /**
   * The fields that the gateway reads. Some servers take any case for a field's name and then the
   * last one's value (Go's encoding/json does): what differs in case only would be judged here by
   * one value and answered there by another.
   */
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

  private byte[] body = {};
  private ChatRequest.@Nullable Original original;
  private @Nullable String model;
  private boolean messagesSeen;
  private @Nullable ApiException fault;

  ChatRequest parse(byte[] json, ChatRequest.@Nullable Original source) {
    body = json;
    original = source;
    JsonText.check(json);
    try (JsonParser in = JsonBytes.STRICT.createParser(json)) {
      object(in);
    } catch (JsonProcessingException e) {
      throw JsonFault.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return checked();
  }

  private ChatRequest checked() {
    if (fault != null) {
      throw fault;
    }
    if (model == null) {
      throw ApiException.invalidRequest(
          "'model' is missing: name the model, such as \"auto\".", "model");
    }
    if (!messagesSeen) {
      throw ApiException.invalidRequest(
          "'messages' is missing: send an array with at least one message.", "messages");
    }
    return new ChatRequest(body, original, model, this);
  }

  private void object(JsonParser in) throws IOException {
    JsonToken first = in.nextToken();
    if (first == null) {
      throw JsonFault.empty();
    }
    if (first != JsonToken.START_OBJECT) {
      throw JsonFault.notAnObject(nameOf(first));
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      if (!KNOWN.contains(name) && KNOWN.contains(name.toLowerCase(Locale.ROOT))) {
        fault(name, "must be written '%s'".formatted(name.toLowerCase(Locale.ROOT)));
      }
      in.nextToken();
      int start = Offsets.start(in);
      field(in, name);
      in.skipChildren();
      int end = Offsets.end(in);
      fields.add(new TopLevelField(name, start, end));
      if (name.equals("tools") || name.equals("functions")) {
        addTokens(start, end);
      }
    }
    nothingBehind(Offsets.end(in));
  }

  private void field(JsonParser in, String name) throws IOException {
    switch (name) {
      case "model" -> model(in);
      case "models" -> fallbacks = names(in);
      case "messages" -> messages(in);
      case "stream" -> stream(in);
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

  private void model(JsonParser in) throws IOException {
    String wrong = null;
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      wrong = "must be a string";
    } else if (in.getTextLength() > ChatRequest.MAX_MODEL) {
      wrong = "must have at most %d characters".formatted(ChatRequest.MAX_MODEL);
    } else if (in.getText().isBlank()) {
      wrong = "must not be empty";
    }
    if (wrong == null) {
      model = in.getText();
    } else {
      fault("model", wrong + ": name the model, such as \"auto\"");
    }
  }

  /** Names of models; what is none, and all that is too much, is there as an empty name. */
  private static List<String> names(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      return in.currentToken() == JsonToken.VALUE_NULL ? List.of() : List.of("");
    }
    List<String> names = new ArrayList<>(4);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (names.size() <= ChatRequest.MAX_FALLBACKS) {
        boolean name =
            names.size() < ChatRequest.MAX_FALLBACKS
                && in.currentToken() == JsonToken.VALUE_STRING
                && in.getTextLength() <= ChatRequest.MAX_MODEL;
        names.add(name ? in.getText() : "");
      }
      in.skipChildren();
    }
    return names;
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

  private void stream(JsonParser in) {
    switch (in.currentToken()) {
      case VALUE_TRUE -> stream = true;
      case VALUE_FALSE, VALUE_NULL -> stream = false;
      default -> fault("stream", "must be true or false");
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

  /** The current value if it is an integer of at least 1 (cut to an int), else {@code absent}. */
  private static int positive(JsonParser in, int absent) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      return absent;
    }
    if (in.getNumberType() != JsonParser.NumberType.INT) {
      return in.getText().startsWith("-") ? absent : Integer.MAX_VALUE;
    }
    return in.getIntValue() < 1 ? absent : in.getIntValue();
  }

  private static @Nullable Double number(JsonParser in) throws IOException {
    if (!in.currentToken().isNumeric()) {
      return null;
    }
    double value = in.getDoubleValue();
    return Double.isFinite(value) ? value : null;
  }

  private void nothingBehind(int end) {
    for (int i = end; i < body.length; i++) {
      if (body[i] != ' ' && body[i] != '\n' && body[i] != '\r' && body[i] != '\t') {
        throw JsonFault.trailing(i);
      }
    }
  }

  private void fault(String param, String wrong) {
    if (fault == null) {
      fault = ApiException.invalidRequest("'%s' %s.".formatted(param, wrong), param);
    }
  }

  private static String nameOf(JsonToken token) {
    return switch (token) {
      case START_ARRAY -> "array";
      case VALUE_STRING -> "string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      case VALUE_NULL -> "null";
      default -> "boolean";
    };
  }
}
