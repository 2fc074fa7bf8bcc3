package io.iir.rules.check;

import io.iir.classify.Category;
import io.iir.openai.Operation;
import io.iir.rules.check.Term.Kind;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Vocabulary.Finding;
import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells comparisons that can never be true from what facts hold. */
final class FactValues {

  /** How clients may say what to prefer. */
  static final List<String> STRATEGIES =
      List.of("pass-through", "auto", "cost-optimized", "quality-first", "local-only", "fastest");

  private static final Map<Fact, List<String>> CLOSED =
      Map.of(
          Fact.OPERATION, Arrays.stream(Operation.values()).map(Operation::word).toList(),
          Fact.STRATEGY, STRATEGIES,
          Fact.CATEGORY, Arrays.stream(Category.values()).map(Category::wireName).toList(),
          Fact.WEEKDAY, Arrays.stream(DayOfWeek.values()).map(DayOfWeek::name).toList());

  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");
  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2}");

  private FactValues() {}

  /**
   * What is wrong with the comparison; null if nothing is seen.
   *
   * @throws java.util.regex.PatternSyntaxException if it is by a regular expression that is none
   */
  static @Nullable Finding check(Term left, Operator operator, Term right) {
    Finding form = form(operator, right);
    Fact fact = left.fact();
    if (form != null || fact == null || !right.isLiteral()) {
      return form;
    }
    if (right.kind() == Kind.WORD && right.text().equals("null")) {
      return operator == Operator.EQUAL
          ? null
          : new Finding("null is compared by == and != only", null);
    }
    if (fact.type() == List.class) {
      return operator == Operator.CONTAINS
          ? null
          : never(fact, "is a list", "write contains 'value'");
    }
    return switch (operator) {
      case EQUAL, GREATER -> value(fact, right.text(), right.kind());
      case EQUAL_IGNORING_CASE -> value(fact, inItsCase(fact, right.text()), right.kind());
      case IN ->
          Arrays.stream(right.text().split(",", -1))
              .map(word -> value(fact, word, Kind.TEXT))
              .filter(finding -> finding != null)
              .findFirst()
              .orElse(null);
      case RANGE -> isNumber(fact) ? null : never(fact, "is no number", "range compares numbers");
      case CONTAINS, REGEX, BEGINS_OR_ENDS -> null;
    };
  }

  /** What is wrong with the right side whatever it is compared with. */
  private static @Nullable Finding form(Operator operator, Term right) {
    switch (operator) {
      case REGEX -> {
        if (right.kind() != Kind.TEXT) {
          return new Finding("regex needs a text in quotes without ${...}", null);
        }
        Pattern.compile(right.text());
      }
      case RANGE -> {
        Matcher range = RANGE.matcher(right.text());
        if (right.kind() != Kind.TEXT || !range.matches()) {
          return new Finding("range needs two whole numbers in quotes", "as in range '9..17'");
        }
        if (Integer.parseInt(range.group(1)) > Integer.parseInt(range.group(2))) {
          return new Finding("the range %s holds nothing".formatted(right.text()), null);
        }
      }
      case IN -> {
        if (right.kind() != Kind.TEXT) {
          return new Finding("in needs a list in quotes without ${...}", "as in in 'coding,math'");
        }
        for (String word : right.text().split(",", -1)) {
          if (!word.equals(word.strip()) || word.isEmpty()) {
            return new Finding(
                "the list '%s' has blanks or nothing around a comma".formatted(right.text()),
                "they would count: write 'a,b'");
          }
        }
      }
      default -> {}
    }
    return null;
  }

  private static String inItsCase(Fact fact, String text) {
    return CLOSED.getOrDefault(fact, List.of()).stream()
        .filter(text::equalsIgnoreCase)
        .findFirst()
        .orElse(text);
  }

  private static @Nullable Finding value(Fact fact, String text, Kind kind) {
    if (fact.type() == Boolean.class) {
      return text.equals("true") || text.equals("false")
          ? null
          : never(fact, "is true or false, never '%s'".formatted(text), "write == true");
    }
    if (isNumber(fact)) {
      return SimpleScanner.isDecimal(text)
          ? null
          : never(fact, "is a number, never '%s'".formatted(text), null);
    }
    List<String> words = CLOSED.get(fact);
    if (words != null && words.stream().noneMatch(text::equals)) {
      return never(fact, "is never '%s'".formatted(text), Fields.allowed(text, words));
    }
    if (fact == Fact.LANGUAGE && !LANGUAGE.matcher(text).matches()) {
      return never(fact, "is never '%s'".formatted(text), "two letters of ISO 639-1, as in 'en'");
    }
    return kind == Kind.WORD ? never(fact, "is a text, never %s".formatted(text), null) : null;
  }

  private static boolean isNumber(Fact fact) {
    return Number.class.isAssignableFrom(fact.type());
  }

  private static Finding never(Fact fact, String what, @Nullable String hint) {
    return new Finding("${variable.%s} %s".formatted(fact.word(), what), hint);
  }
}
