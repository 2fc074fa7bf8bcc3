package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's error says to a person, found in whatever form it has. Markup and binary are
 * described, never quoted.
 */
final class ErrorText {

  /** Where a text may be, the likeliest first. */
  private static final List<String> FIELDS =
      List.of("message", "msg", "detail", "error", "errors", "error_description", "title");

  private ErrorText() {}

  /** The text in {@code json}, or null if it has none. */
  static @Nullable String in(JsonNode json) {
    if (json.isTextual()) {
      return json.asText().isBlank() ? null : json.asText();
    }
    if (json.isArray()) {
      StringJoiner all = new StringJoiner("; ");
      json.forEach(item -> addTo(all, item));
      return all.length() == 0 ? null : all.toString();
    }
    for (String field : FIELDS) {
      String text = json.has(field) ? in(json.get(field)) : null;
      if (text != null) {
        return text + rawCause(json);
      }
    }
    return null;
  }

  /** The path of the field that FastAPI's validation names, such as {@code messages.0.role}. */
  static @Nullable String location(JsonNode item) {
    StringJoiner path = new StringJoiner(".");
    for (JsonNode step : item.path("loc")) {
      if (path.length() > 0 || !step.asText().equals("body")) {
        path.add(step.asText());
      }
    }
    return path.length() == 0 ? null : path.toString();
  }

  /** The text of {@code body}, which is not JSON; null if it is empty. */
  static @Nullable String plain(byte[] body) {
    String text = new String(body, UTF_8).strip();
    return text.isEmpty() ? null : text;
  }

  /** What {@code text} is, if it is not for people to read; null if it is. */
  static @Nullable String unfit(String text) {
    String start = text.stripLeading();
    start = start.substring(0, Math.min(start.length(), 64)).toLowerCase(Locale.ROOT);
    if (start.startsWith("<?xml")) {
      return "an XML document";
    }
    if (start.startsWith("<!doctype") || start.startsWith("<html") || start.startsWith("<head")) {
      return "an HTML page";
    }
    if (text.toLowerCase(Locale.ROOT).contains("</html")) {
      return "an HTML page";
    }
    boolean binary = text.chars().anyMatch(c -> c == 0xFFFD || (c < ' ' && !isBlank(c)));
    return binary ? "something that is not text" : null;
  }

  /** {@code text}, cut to {@code max} characters between code points. */
  static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
    return text.substring(0, end) + "…";
  }

  private static void addTo(StringJoiner all, JsonNode item) {
    String text = in(item);
    if (text != null) {
      String where = location(item);
      all.add(where == null ? text : where + ": " + text);
    }
  }

  /** OpenRouter says "Provider returned error" and has that provider's words beside it. */
  private static String rawCause(JsonNode error) {
    JsonNode raw = error.path("metadata").path("raw");
    return raw.isTextual() && !raw.asText().isBlank() ? ": " + raw.asText() : "";
  }

  private static boolean isBlank(int c) {
    return c == '\n' || c == '\r' || c == '\t';
  }
}
