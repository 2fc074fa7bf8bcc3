package io.iir.rules.check;

import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Collects what is wrong with one file, and knows where it is. For one use, by one thread. */
final class Problems {

  /** Who reads more than these? */
  private static final int MOST = 100;

  private static final Comparator<Problem> BY_PLACE =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  private final String file;
  private final List<String> lines;
  private final List<Problem> all = new ArrayList<>();

  /** None yet with {@code file}, which holds {@code text}. */
  Problems(String file, String text) {
    this.file = file;
    this.lines = text.lines().toList();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  int size() {
    return all.size();
  }

  /** Notes one that concerns the whole file. */
  void inFile(String message, @Nullable String hint) {
    at(0, 0, message, hint);
  }

  /** Notes one at a place, both counted from 1. */
  void at(int line, int column, String message, @Nullable String hint) {
    if (all.size() < MOST) {
      all.add(new Problem(file, line, column, message, hint));
    }
  }

  /** Notes one where {@code node} begins. */
  void at(Node node, String message, @Nullable String hint) {
    at(line(node), column(node), message, hint);
  }

  /**
   * Notes one at the character {@code offset} of a text: exactly there if the text stands on one
   * line as it is, else where it begins.
   */
  void within(ScalarNode text, int offset, String message, @Nullable String hint) {
    int before = text.getScalarStyle() == ScalarStyle.PLAIN ? 0 : 1;
    String value = text.getValue();
    int line = line(text);
    int column = column(text);
    String source = line > 0 && line <= lines.size() ? lines.get(line - 1) : "";
    int start = beginning(source, column - 1 + before);
    boolean asItIs = start >= 0 && source.startsWith(value, start);
    int inside = Math.clamp(offset, 0, value.length());
    at(line, asItIs ? column + before + value.codePointCount(0, inside) : column, message, hint);
  }

  /** Where the code point of that number begins, or -1. */
  private static int beginning(String source, int codePoint) {
    return codePoint < 0 || codePoint > source.codePointCount(0, source.length())
        ? -1
        : source.offsetByCodePoints(0, codePoint);
  }

  /** The line where {@code node} begins, from 1. */
  static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  private static int column(Node node) {
    return node.getStartMark().map(Mark::getColumn).orElse(-1) + 1;
  }

  /** Ends the reading if there is one. */
  void throwIfAny() throws InvalidRuleException {
    if (!all.isEmpty()) {
      throw new InvalidRuleException(all.stream().sorted(BY_PLACE).toList(), null);
    }
  }
}
