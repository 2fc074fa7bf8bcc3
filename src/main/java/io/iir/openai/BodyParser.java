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
 * Reads a request's JSON object in a single pass: where each of its fields lies, and which model is
 * named. A fault of the JSON itself goes before a fault of a field, whichever comes first in the
 * body. Used once, by one thread.
 */
abstract class BodyParser {

  final List<TopLevelField> fields = new ArrayList<>(12);
  final TokenEstimator tokens = new TokenEstimator();
  List<String> fallbacks = List.of();
  byte[] body = {};

  private final Set<String> known;
  private final String example;
  private @Nullable String model;
  private @Nullable ApiException fault;

  /**
   * A parser of bodies such as {@code example}.
   *
   * @param known the fields that the gateway reads. Some servers take any case for a field's name
   *     and then the last one's value (Go's encoding/json does): what differs in case only would be
   *     judged here by one value and answered there by another
   */
  BodyParser(Set<String> known, String example) {
    this.known = known;
    this.example = example;
  }

  /** Reads the value of the field {@code name}, at which the parser is, or leaves it there. */
  abstract void field(JsonParser in, String name) throws IOException;

  /** The field {@code name} has been read. */
  void passed(String name, int start, int end) {}

  final void read(byte[] json) {
    body = json;
    JsonText.check(json);
    try (JsonParser in = JsonBytes.STRICT.createParser(json)) {
      object(in);
    } catch (JsonProcessingException e) {
      throw JsonFault.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model that is named, if the body has no fault. */
  final String checkedModel() {
    if (fault != null) {
      throw fault;
    }
    if (model == null) {
      throw ApiException.invalidRequest(
          "'model' is missing: name the model, such as \"auto\".", "model");
    }
    return model;
  }

  /** Notes what is wrong with a field; the first fault is told. */
  final void fault(String param, String wrong) {
    if (fault == null) {
      fault = ApiException.invalidRequest("'%s' %s.".formatted(param, wrong), param);
    }
  }

  private void object(JsonParser in) throws IOException {
    JsonToken first = in.nextToken();
    if (first == null) {
      throw JsonFault.empty(example);
    }
    if (first != JsonToken.START_OBJECT) {
      throw JsonFault.notAnObject(nameOf(first), example);
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      if (!known.contains(name) && known.contains(name.toLowerCase(Locale.ROOT))) {
        fault(name, "must be written '%s'".formatted(name.toLowerCase(Locale.ROOT)));
      }
      in.nextToken();
      int start = Offsets.start(in);
      switch (name) {
        case "model" -> model(in);
        case "models" -> fallbacks = names(in);
        default -> field(in, name);
      }
      in.skipChildren();
      int end = Offsets.end(in);
      fields.add(new TopLevelField(name, start, end));
      passed(name, start, end);
    }
    nothingBehind(Offsets.end(in));
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

  /** The current value as true or false; null is false, all else a fault. */
  final boolean flag(JsonParser in, String name) {
    return switch (in.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> {
        fault(name, "must be true or false");
        yield false;
      }
    };
  }

  /** The current value if it is an integer of at least 1 (cut to an int), else {@code absent}. */
  static int positive(JsonParser in, int absent) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      return absent;
    }
    if (in.getNumberType() != JsonParser.NumberType.INT) {
      return in.getText().startsWith("-") ? absent : Integer.MAX_VALUE;
    }
    return in.getIntValue() < 1 ? absent : in.getIntValue();
  }

  private void nothingBehind(int end) {
    for (int i = end; i < body.length; i++) {
      if (body[i] != ' ' && body[i] != '\n' && body[i] != '\r' && body[i] != '\t') {
        throw JsonFault.trailing(i);
      }
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
