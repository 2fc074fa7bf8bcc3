package io.iir.openai;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A header's value with parameters, as {@code Content-Type} and {@code Content-Disposition} have
 * it.
 *
 * @param value what stands before the parameters, in lower case
 * @param parameters by their names in lower case, unquoted
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.6">RFC 9110, section 5.6.6</a>
 */
record HeaderValue(String value, Map<String, String> parameters) {

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
  private static final Pattern VALUE = Pattern.compile("\\s*+(" + TOKEN + "(?:/" + TOKEN + ")?+)");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\s*+;\\s*+(" + TOKEN + ")=(?:(" + TOKEN + ")|\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\")");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  HeaderValue {
    parameters = Map.copyOf(parameters);
  }

  /** Reads {@code text}; null if it is not of this form or has a parameter twice. */
  static @Nullable HeaderValue of(String text) {
    Matcher value = VALUE.matcher(text);
    if (!value.lookingAt()) {
      return null;
    }
    Map<String, String> parameters = new HashMap<>(4);
    Matcher parameter = PARAMETER.matcher(text).region(value.end(), text.length());
    int end = value.end();
    while (parameter.lookingAt()) {
      String plain = parameter.group(2);
      String found = plain != null ? plain : ESCAPED.matcher(parameter.group(3)).replaceAll("$1");
      if (parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), found) != null) {
        return null;
      }
      end = parameter.end();
      parameter.region(end, text.length());
    }
    return text.substring(end).isBlank()
        ? new HeaderValue(value.group(1).toLowerCase(Locale.ROOT), parameters)
        : null;
  }
}
