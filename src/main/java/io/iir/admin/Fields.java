package io.iir.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.provider.ModelPattern;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads fields strictly: a value of another type or out of bounds is a 400 that says so. */
final class Fields {

  private static final int NAME_LENGTH = 100;
  private static final int MOST_MODELS = 100;
  private static final int LAST_YEAR = 9999;

  private Fields() {}

  /** Refuses an object with a field that is not among {@code allowed}. */
  static void checkNames(JsonNode object, String path, Collection<String> allowed) {
    Iterator<String> names = object.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!allowed.contains(name)) {
        throw invalid(
            path + name, "is not a known field; allowed are " + String.join(", ", allowed));
      }
    }
  }

  /** A name of 1 to 100 characters, none of them a control character, with no space around it. */
  static String name(JsonNode node, String param) {
    String text = text(node, param, NAME_LENGTH);
    if (text.isBlank() || !text.equals(text.strip())) {
      throw invalid(param, "must neither be blank nor begin or end with a space");
    }
    return text;
  }

  /** A string of at most {@code longest} characters, none of them a control character. */
  static String text(JsonNode node, String param, int longest) {
    if (!node.isTextual()) {
      throw invalid(param, "must be a string, not " + kind(node));
    }
    String text = node.textValue();
    if (text.codePointCount(0, text.length()) > longest) {
      throw invalid(param, "must have at most %d characters".formatted(longest));
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw invalid(param, "must not contain control characters such as line breaks");
    }
    return text;
  }

  /** A whole number from 0 on; null for null. */
  static @Nullable Integer count(JsonNode node, String param) {
    if (node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      throw invalid(
          param,
          "must be a whole number from 0 (without limit) to %d, or null for the default"
              .formatted(Integer.MAX_VALUE));
    }
    return node.intValue();
  }

  /** One to 100 model patterns. */
  static List<ModelPattern> models(JsonNode node) {
    if (!node.isArray()) {
      throw invalid("models", "must be an array of strings, not " + kind(node));
    }
    if (node.isEmpty() || node.size() > MOST_MODELS) {
      throw invalid(
          "models",
          "must have 1 to %d entries; leave it out to allow all models".formatted(MOST_MODELS));
    }
    List<ModelPattern> patterns = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      String param = "models[" + i + "]";
      String text = text(node.get(i), param, ModelPattern.MAX_LENGTH);
      if (!ModelPattern.isValid(text)) {
        throw invalid(param, "must be 'provider/model', 'provider/*' or '*'");
      }
      patterns.add(new ModelPattern(text));
    }
    return patterns;
  }

  /** The moment {@code expires_at}, which lies after {@code now}; null for null. */
  static @Nullable Instant future(JsonNode node, Instant now) {
    String param = "expires_at";
    if (node.isNull()) {
      return null;
    }
    OffsetDateTime moment;
    try {
      moment = OffsetDateTime.parse(text(node, param, 64)).withOffsetSameInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw invalid(
          param, "must be a date and time with an offset, such as 2031-01-31T12:00:00Z (ISO 8601)");
    }
    if (!moment.toInstant().isAfter(now) || moment.getYear() > LAST_YEAR) {
      throw invalid(param, "must lie in the future, before the year 10000");
    }
    return Instant.ofEpochMilli(moment.toInstant().toEpochMilli());
  }

  /** The refusal of the field {@code param}: {@code problem} ends the sentence it begins. */
  static ApiException invalid(String param, String problem) {
    return ApiException.invalidRequest("'%s' %s.".formatted(param, problem), param);
  }

  /** The JSON type of {@code node}, for a message. */
  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case NULL, MISSING, BINARY -> "null";
    };
  }
}
