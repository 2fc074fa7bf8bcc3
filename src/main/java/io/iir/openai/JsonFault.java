package io.iir.openai;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;

/** What the client is told about a body that the JSON parser refuses: what, where, how to mend. */
final class JsonFault {

  private static final String DUPLICATE = "Duplicate field ";

  private JsonFault() {}

  /** The 400 {@code invalid_json} for the parser's {@code fault}. */
  static ApiException of(JsonProcessingException fault) {
    String what = fault.getOriginalMessage();
    return ApiException.invalidJson(
        "The body is not valid JSON%s: %s".formatted(where(fault.getLocation()), say(fault, what)));
  }

  /** The 400 {@code invalid_json} for something other than blanks behind the object. */
  static ApiException trailing(int offset) {
    return ApiException.invalidJson(
        "The body goes on behind its JSON object, at byte offset %d: send one object, nothing else."
            .formatted(offset));
  }

  /** The 400 {@code invalid_json} for a body with nothing in it where {@code fields} belong. */
  static ApiException empty(String fields) {
    return ApiException.invalidJson(
        "The body is empty: send {\"model\": ..., %s}.".formatted(fields));
  }

  /** The 400 {@code invalid_json} for a body that is JSON, but {@code what}. */
  static ApiException notAnObject(String what, String fields) {
    return ApiException.invalidJson(
        "The body is a JSON %s, not an object: send {\"model\": ..., %s}.".formatted(what, fields));
  }

  private static String say(JsonProcessingException fault, String what) {
    if (fault instanceof JsonEOFException) {
      return "it ends in the middle. Send all of it, and check Content-Length.";
    }
    if (fault instanceof StreamConstraintsException) {
      return what.contains("nesting depth")
          ? "it is nested deeper than %d levels. Flatten it.".formatted(ChatRequest.MAX_DEPTH)
          : upTo(", from", what) + "). Shorten it.";
    }
    if (what.startsWith("Unexpected close marker")) {
      return upTo(" (for", what) + ". Close what was opened last.";
    }
    if (what.contains("double-quote")) {
      return "a name in double quotes must be here. Quote it, and leave no comma before a brace.";
    }
    if (what.startsWith(DUPLICATE)) {
      return "the key %s appears twice in one object. Send it once."
          .formatted(what.substring(DUPLICATE.length()));
    }
    if (what.contains("comment")) {
      return "it has a comment. Remove it, JSON has none.";
    }
    if (what.startsWith("Non-standard token")) {
      return "NaN and Infinity are no JSON numbers. Send a number or null.";
    }
    if (what.contains("CTRL-CHAR")) {
      return "a string has a raw control character. Escape it, a line break as \\n.";
    }
    return what + ". Write the body with a JSON library.";
  }

  /** {@code text} without {@code detail}, which is about the parser, and what follows it. */
  private static String upTo(String detail, String text) {
    int end = text.indexOf(detail);
    return end < 0 ? text : text.substring(0, end);
  }

  private static String where(JsonLocation at) {
    return at == null ? "" : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
  }
}
