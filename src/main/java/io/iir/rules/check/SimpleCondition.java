package io.iir.rules.check;

import io.iir.rules.check.Term.Kind;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Vocabulary;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a condition in the part of Camel's Simple language that rules may use:
 *
 * <pre>
 * condition  = comparison { "&&" comparison } | comparison { "||" comparison }
 * comparison = function [ operator ( function | number | true | false | null | text in quotes ) ]
 * </pre>
 *
 * Simple has no brackets and reads from left to right, so {@code a || b && c} would not mean what
 * it says: a mix of both is refused. For one use, by one thread.
 */
final class SimpleCondition {

  private static final List<String> WORDS = List.of("true", "false", "null");

  private final SimpleScanner scanner;
  private final SimpleScanner.Findings findings;

  private SimpleCondition(SimpleScanner scanner, SimpleScanner.Findings findings) {
    this.scanner = scanner;
    this.findings = findings;
  }

  /** Reads {@code text} to its end. */
  static void read(String text, Vocabulary vocabulary, SimpleScanner.Findings findings)
      throws SimpleFault {
    new SimpleCondition(new SimpleScanner(text, vocabulary, findings), findings).read();
  }

  private void read() throws SimpleFault {
    String joint = null;
    skipBlanks();
    while (true) {
      comparison();
      skipBlanks();
      if (scanner.atEnd()) {
        return;
      }
      joint = joint(joint);
    }
  }

  private String joint(@Nullable String before) throws SimpleFault {
    int at = scanner.at();
    for (String joint : List.of("&&", "||")) {
      if (scanner.looksAt(joint) && scanner.endsAt(at + joint.length())) {
        if (before != null && !before.equals(joint)) {
          throw new SimpleFault(
              at,
              "&& and || must not be mixed in one condition",
              "write two cases, or a choice inside of a case");
        }
        scanner.accept(joint);
        skipBlanks();
        if (scanner.atEnd()) {
          throw new SimpleFault(at, "nothing stands after " + joint, null);
        }
        return joint;
      }
    }
    String word = word();
    throw new SimpleFault(
        at,
        "\"%s\" is not expected here".formatted(word),
        hint(Operator.meantBy(word), "&& or || and another comparison, or the end"));
  }

  private static String hint(@Nullable String meant, String expected) {
    return (meant == null ? "" : "did you mean \"%s\"? ".formatted(meant))
        + "expected: "
        + expected;
  }

  private void comparison() throws SimpleFault {
    Term left = left();
    int end = scanner.at();
    boolean blank = SimpleScanner.isBlank(scanner.here());
    skipBlanks();
    if (scanner.atEnd() || scanner.looksAt("&&") || scanner.looksAt("||")) {
      alone(left);
      if (!blank && !scanner.atEnd()) {
        throw new SimpleFault(end, "a blank is lacking here", null);
      }
      return;
    }
    int at = scanner.at();
    String operator = operator();
    if (!blank || !spaced(at, operator)) {
      throw new SimpleFault(at, "write a blank before and after " + operator, null);
    }
    scanner.accept(operator);
    skipBlanks();
    Term right = right(operator);
    Vocabulary.Finding finding;
    try {
      finding = FactValues.check(left, Operator.of(operator), right);
    } catch (PatternSyntaxException e) {
      throw new SimpleFault(
          right.at() + 1 + Math.max(0, e.getIndex()),
          "the regular expression is not valid: " + e.getDescription(),
          null);
    }
    if (finding != null) {
      findings.fault(right.at(), finding.message(), finding.hint());
    }
  }

  /** Camel knows an operator only between two blanks, not line breaks. */
  private boolean spaced(int at, String operator) throws SimpleFault {
    int after = at + operator.length();
    scanner.skip(-1);
    boolean before = scanner.here() == ' ';
    scanner.skip(1 + operator.length());
    boolean behind = scanner.here() == ' ';
    boolean end = scanner.atEnd();
    scanner.skip(at - after);
    if (end) {
      throw new SimpleFault(at, "nothing stands after " + operator, null);
    }
    return before && behind;
  }

  private void alone(Term left) throws SimpleFault {
    boolean yesOrNo = left.fact() != null && left.fact().type() == Boolean.class;
    if (!yesOrNo && left.kind() != Kind.BEAN) {
      throw new SimpleFault(
          left.at(), "a value alone is no condition", "compare it, as in == 'value'");
    }
  }

  private Term left() throws SimpleFault {
    if (scanner.atFunction()) {
      return scanner.function();
    }
    int at = scanner.at();
    scanner.refuseBraces();
    if (scanner.here() == '!') {
      throw new SimpleFault(at, "there is no ! in conditions", "write == false");
    }
    if (scanner.here() == '(') {
      throw new SimpleFault(
          at,
          "there are no brackets in conditions",
          "write two cases, or a choice inside of a case");
    }
    String word = word();
    String meant = Fact.of(word) == null ? "" : "did you mean \"${variable.%s}\"? ".formatted(word);
    throw new SimpleFault(
        at,
        "\"%s\" is no condition: one begins with ${...}".formatted(word),
        meant + "as in ${variable.category} == 'coding'");
  }

  private String operator() throws SimpleFault {
    String operator = Operator.at(scanner);
    if (operator != null) {
      return operator;
    }
    int at = scanner.at();
    String word = word();
    String meant = Operator.meantBy(word);
    String sign = Operator.beginning(word);
    if (meant == null && sign != null) {
      throw new SimpleFault(at, "write a blank before and after " + sign, null);
    }
    throw new SimpleFault(
        at,
        "unknown operator \"%s\"".formatted(word),
        meant == null
            ? Fields.allowed(word, Operator.TOLD)
            : "did you mean \"%s\"?".formatted(meant));
  }

  private Term right(String operator) throws SimpleFault {
    int at = scanner.at();
    if (scanner.atEnd()) {
      throw new SimpleFault(at, "nothing stands after " + operator, null);
    }
    Term term;
    if (scanner.atFunction()) {
      term = scanner.function();
    } else if (scanner.here() == '\'' || scanner.here() == '"') {
      term = scanner.quoted();
    } else {
      String word = word();
      if (WORDS.contains(word)) {
        term = new Term(Kind.WORD, at, word, null);
      } else if (SimpleScanner.isDecimal(word)) {
        term = new Term(Kind.NUMBER, at, word, null);
      } else {
        throw new SimpleFault(
            at, "\"%s\" is no value".formatted(word), "put it in quotes: '%s'".formatted(word));
      }
    }
    if (!scanner.endsAt(scanner.at())) {
      throw new SimpleFault(scanner.at(), "a blank is lacking here", null);
    }
    return term;
  }

  private void skipBlanks() {
    scanner.run(SimpleScanner::isBlank);
  }

  /** What stands here up to the next blank; where the scanner then is does not matter. */
  private String word() {
    return scanner.run(c -> !SimpleScanner.isBlank(c));
  }
}
