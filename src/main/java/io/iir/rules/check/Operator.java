package io.iir.rules.check;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a condition compares: the operators of Simple that rules may use, all but {@code is}. */
enum Operator {
  EQUAL("==, !="),
  EQUAL_IGNORING_CASE("=~, !=~"),
  GREATER(">, >=, <, <="),
  CONTAINS("contains, !contains, not contains, ~~, !~~"),
  REGEX("regex, !regex, not regex"),
  IN("in, !in, not in"),
  RANGE("range, !range, not range"),
  BEGINS_OR_ENDS("startsWith, starts with, endsWith, ends with");

  /** What to offer for what others write. */
  private static final Map<String, String> SLIPS =
      Map.ofEntries(
          Map.entry("=", "=="),
          Map.entry("===", "=="),
          Map.entry(":", "=="),
          Map.entry("eq", "=="),
          Map.entry("is", "=="),
          Map.entry("!is", "!="),
          Map.entry("equals", "=="),
          Map.entry("<>", "!="),
          Map.entry("!==", "!="),
          Map.entry("ne", "!="),
          Map.entry("=>", ">="),
          Map.entry("=<", "<="),
          Map.entry("gt", ">"),
          Map.entry("lt", "<"),
          Map.entry("matches", "regex"),
          Map.entry("like", "contains"),
          Map.entry("has", "contains"),
          Map.entry("between", "range"),
          Map.entry("and", "&&"),
          Map.entry("AND", "&&"),
          Map.entry("&", "&&"),
          Map.entry("or", "||"),
          Map.entry("OR", "||"),
          Map.entry("|", "||"));

  /** The longest first, so that {@code !=~} is not read as {@code !=}. */
  private static final List<String> WORDS =
      List.of(values()).stream()
          .flatMap(operator -> operator.words().stream())
          .sorted(Comparator.comparingInt(String::length).reversed())
          .toList();

  /** In the order in which they are told to people. */
  static final List<String> TOLD =
      List.of(values()).stream().flatMap(operator -> operator.words().stream()).toList();

  private final String words;

  Operator(String words) {
    this.words = words;
  }

  private List<String> words() {
    return List.of(words.split(", "));
  }

  /** The word of an operator that stands where {@code scanner} is, or null. */
  static @Nullable String at(SimpleScanner scanner) {
    for (String word : WORDS) {
      if (scanner.looksAt(word) && scanner.endsAt(scanner.at() + word.length())) {
        return word;
      }
    }
    return null;
  }

  /** The sign of an operator that {@code word} begins with, as in {@code <7}; null if none. */
  static @Nullable String beginning(String word) {
    return WORDS.stream()
        .filter(sign -> word.length() > sign.length() && word.startsWith(sign))
        .filter(sign -> !Character.isLetter(sign.charAt(sign.length() - 1)))
        .findFirst()
        .orElse(null);
  }

  /** The operator of that word. */
  static Operator of(String word) {
    for (Operator operator : values()) {
      if (operator.words().contains(word)) {
        return operator;
      }
    }
    throw new IllegalArgumentException(word);
  }

  /** What was perhaps meant by {@code word}, which is none; null if it is no known slip. */
  static @Nullable String meantBy(String word) {
    return SLIPS.get(word);
  }
}
