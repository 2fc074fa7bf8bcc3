package io.iir.rules.check;

import io.iir.config.NearestName;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Vocabulary;
import java.util.List;

/** Says of a function of Simple that rules may not use it, and what was perhaps meant. */
final class RefusedFunction {

  private static final int SHOWN = 60;
  private static final String OPEN = "${";
  private static final List<String> PREFIXES = List.of("variable", "header", "random", "bean");

  private RefusedFunction() {}

  /** That the function which begins at {@code start} of {@code text} is not allowed. */
  static SimpleFault at(int start, String text, Vocabulary vocabulary) {
    int end = text.indexOf('}', start);
    if (end < 0) {
      return new SimpleFault(start, "a ${...} is not closed", "add the }");
    }
    String function = text.substring(start, end + 1);
    String shown = function.length() > SHOWN ? function.substring(0, SHOWN) + "…" : function;
    return new SimpleFault(
        start, "%s is not allowed in rules".formatted(shown.strip()), hint(function, vocabulary));
  }

  private static String hint(String function, Vocabulary vocabulary) {
    String body = function.substring(OPEN.length(), function.length() - 1).strip();
    String allowed =
        "allowed: ${variable.NAME}, ${header.NAME}, ${random(N)}"
            + (vocabulary.beans().isEmpty() ? "" : ", ${bean:NAME.METHOD(...)}");
    if (Fact.of(body) != null) {
      return "did you mean \"${variable.%s}\"? %s".formatted(body, allowed);
    }
    int end = 0;
    while (end < body.length() && SimpleScanner.isWordPart(body.charAt(end))) {
      end++;
    }
    String prefix = body.substring(0, end);
    String nearest = PREFIXES.contains(prefix) ? null : NearestName.of(prefix, PREFIXES);
    return nearest == null ? allowed : "did you mean \"%s\"? %s".formatted(nearest, allowed);
  }
}
