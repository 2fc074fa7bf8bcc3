package io.iir.rules.check;

import io.iir.rules.check.Term.Kind;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Knob;
import io.iir.rules.language.Vocabulary;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the few functions of Camel's Simple language that rules may use, character by character:
 *
 * <pre>
 * function = "${variable." name "}" | "${header." name "}" | "${random(" number [ "," number ] ")}"
 *          | "${bean:" name "." method [ "(" [ argument { "," argument } ] ")" ] "}"
 * argument = "'" plain text "'" | number | true | false | null | variable or header function
 * </pre>
 *
 * Simple is a programming language that reaches the whole machine; what is not understood here to
 * its last character never reaches it. For one use, by one thread.
 */
final class SimpleScanner {

  private static final int LONGEST_NUMBER = 6;
  private static final String OPEN = "${";
  private static final String IN_ARGUMENTS = " _.:/@+*-";
  private static final Set<String> WORDS = Set.of("true", "false", "null");

  private final String text;
  private final Vocabulary vocabulary;
  private final Findings findings;
  private int at;

  /** Takes what is found while a text is read. */
  interface Findings {

    /** A name that is not known; the reading goes on. */
    void fault(int at, String message, @Nullable String hint);

    /** A fact is asked. */
    void reads(Fact fact);

    /** A header is asked, in lower case. */
    void readsHeader(String name);
  }

  /** Reads {@code text}. */
  SimpleScanner(String text, Vocabulary vocabulary, Findings findings) {
    this.text = text;
    this.vocabulary = vocabulary;
    this.findings = findings;
  }

  int at() {
    return at;
  }

  boolean atEnd() {
    return at >= text.length();
  }

  /** The character here, or 0 at the end. */
  char here() {
    return atEnd() ? 0 : text.charAt(at);
  }

  boolean atFunction() {
    return looksAt(OPEN);
  }

  boolean looksAt(String expected) {
    return text.startsWith(expected, at);
  }

  void skip(int characters) {
    at += characters;
  }

  boolean accept(String expected) {
    boolean found = looksAt(expected);
    at += found ? expected.length() : 0;
    return found;
  }

  /** The characters from here that fit. */
  String run(IntPredicate fits) {
    int start = at;
    while (!atEnd() && fits.test(here())) {
      at++;
    }
    return text.substring(start, at);
  }

  static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  /** Whether a word ends before the character at {@code place}. */
  boolean endsAt(int place) {
    return place >= text.length() || isBlank(text.charAt(place));
  }

  /** Refuses what can begin or end a function, or take its beginning away. */
  void refuseBraces() throws SimpleFault {
    if (looksAt("$simple{")) {
      throw new SimpleFault(at, "$simple{...} is not allowed in rules", "write ${...}");
    }
    char c = here();
    if (c == '{' || c == '}') {
      throw new SimpleFault(at, "'%s' stands outside of a ${...}".formatted(c), null);
    }
  }

  /** The function that begins here. */
  Term function() throws SimpleFault {
    int start = at;
    Term term = null;
    if (accept("${variable.")) {
      term = variable(start);
    } else if (accept("${header.")) {
      term = header(start);
    } else if (accept("${random(")) {
      term = random(start);
    } else if (accept("${bean:")) {
      term = bean(start);
    }
    if (term == null || !accept("}")) {
      throw RefusedFunction.at(start, text, vocabulary);
    }
    return term;
  }

  private @Nullable Term variable(int start) {
    String name = run(SimpleScanner::isWordPart);
    if (here() != '}' || name.isEmpty()) {
      return null;
    }
    Fact fact = Fact.of(name);
    if (fact != null) {
      findings.reads(fact);
    } else if (Knob.of(name) == null) {
      findings.fault(
          start, "unknown variable \"%s\"".formatted(name), Fields.allowed(name, words()));
    }
    return new Term(Kind.VARIABLE, start, name, fact);
  }

  private static List<String> words() {
    return Stream.concat(
            Stream.of(Fact.values()).map(Fact::word), Stream.of(Knob.values()).map(Knob::word))
        .distinct()
        .toList();
  }

  private @Nullable Term header(int start) {
    String name = run(c -> isWordPart(c) || c == '-').toLowerCase(Locale.ROOT);
    if (here() != '}' || name.isEmpty()) {
      return null;
    }
    if (vocabulary.headers().contains(name)) {
      findings.readsHeader(name);
    } else {
      findings.fault(
          start,
          "the header \"%s\" is not one that rules may read".formatted(name),
          Fields.allowed(name, new TreeSet<>(vocabulary.headers())));
    }
    return new Term(Kind.HEADER, start, name, null);
  }

  private @Nullable Term random(int start) throws SimpleFault {
    String first = run(SimpleScanner::isDigit);
    String second = accept(",") ? run(SimpleScanner::isDigit) : null;
    if (!accept(")")) {
      return null;
    }
    String from = second == null ? "0" : first;
    String to = second == null ? first : second;
    if (!isNumber(from) || !isNumber(to) || Integer.parseInt(from) >= Integer.parseInt(to)) {
      throw new SimpleFault(
          start,
          "${random(...)} needs a number above 0, or two of which the second is greater",
          "as in ${random(100)}: 0 to 99");
    }
    return new Term(Kind.RANDOM, start, "random", null);
  }

  private static boolean isNumber(String digits) {
    return !digits.isEmpty() && digits.length() <= LONGEST_NUMBER;
  }

  private @Nullable Term bean(int start) throws SimpleFault {
    String bean = run(SimpleScanner::isWordPart);
    if (!accept(".")) {
      return null;
    }
    String method = run(SimpleScanner::isWordPart);
    if (here() == '(' && !arguments()) {
      return null;
    }
    if (here() == '}') {
      Vocabulary.Finding finding = BeanCall.check(bean, method, vocabulary);
      if (finding != null) {
        findings.fault(start, finding.message(), finding.hint());
      }
    }
    return new Term(Kind.BEAN, start, bean, null);
  }

  /** Whether there are arguments in brackets here, all of them harmless. */
  private boolean arguments() throws SimpleFault {
    at++;
    run(c -> c == ' ');
    if (accept(")")) {
      return true;
    }
    do {
      run(c -> c == ' ');
      if (!argument()) {
        return false;
      }
      run(c -> c == ' ');
    } while (accept(","));
    return accept(")");
  }

  private boolean argument() throws SimpleFault {
    if (looksAt("${variable.") || looksAt("${header.")) {
      function();
      return true;
    }
    if (accept("'")) {
      run(c -> isWordPart(c) || IN_ARGUMENTS.indexOf(c) >= 0);
      return accept("'");
    }
    String word = run(c -> isWordPart(c) || c == '.' || c == '-');
    return WORDS.contains(word) || isDecimal(word);
  }

  /** The text in quotes that begins here. */
  Term quoted() throws SimpleFault {
    int start = at;
    char quote = here();
    at++;
    boolean mixed = false;
    while (!atEnd() && here() != quote) {
      if (atFunction()) {
        if (looksAt("${bean:")) {
          throw new SimpleFault(at, "a bean is not called inside of quotes", null);
        }
        function();
        mixed = true;
      } else {
        refuseBraces();
        at++;
      }
    }
    if (atEnd()) {
      throw new SimpleFault(start, "the quote %s is not closed".formatted(quote), null);
    }
    at++;
    return new Term(mixed ? Kind.MIXED : Kind.TEXT, start, text.substring(start + 1, at - 1), null);
  }

  /** Whether {@code word} is a number such as 5, -5 or 0.35. */
  static boolean isDecimal(String word) {
    String digits = word.startsWith("-") ? word.substring(1) : word;
    int dot = digits.indexOf('.');
    String whole = dot < 0 ? digits : digits.substring(0, dot);
    String part = dot < 0 ? "0" : digits.substring(dot + 1);
    return isDigits(whole) && isDigits(part);
  }

  private static boolean isDigits(String word) {
    return !word.isEmpty()
        && word.length() <= 2 * LONGEST_NUMBER
        && word.chars().allMatch(SimpleScanner::isDigit);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isWordPart(int c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
