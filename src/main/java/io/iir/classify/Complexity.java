package io.iir.classify;

/**
 * How hard a request looks, 0..1:
 *
 * <pre>
 * effort of the category (0.02 a greeting … 0.30 coding, analysis, math … 0.50 long context)
 * + 0.20 · sat(tokens, 400)       length: the greater of the prompt's and the text's
 * + 0.20 · sat(demands, 4)        demands on the answer and list items, JSON mode, tools
 * + 0.10 · sat(questions − 1, 2)  each question after the first
 * + 0.10 · sat(marks, 8)          marks of code and formulas
 * + 0.10 · sat(depth, 1.5)        words of demanding work
 * + 0.05 · sat(messages − 1, 10)  the conversation so far
 * </pre>
 *
 * with {@code sat(x, h) = x / (x + h)}, cut at 1 and rounded to three places. Each term grows with
 * what it counts, so of two requests of one category the one with more of anything is never the
 * easier. What is counted in the text is counted in its {@link Excerpt}.
 */
final class Complexity {

  private Complexity() {}

  static double of(
      Category category, int textLength, Excerpt text, int[] counts, RequestShape shape) {
    double sum = category.effort() + demand(textLength, text, counts, shape);
    return Math.round(Math.min(1, sum) * 1_000) / 1_000.0;
  }

  /** All but the effort of the category, 0..0.75. */
  static double demand(int textLength, Excerpt text, int[] counts, RequestShape shape) {
    double tokens = Math.max(shape.promptTokens(), tokens(textLength, text));
    int demands =
        counts[Count.CONSTRAINT.slot()]
            + text.items
            + (shape.jsonMode() ? 1 : 0)
            + (shape.hasTools() ? 1 : 0);
    int marks =
        counts[Count.CODE.slot()]
            + counts[Count.FORMULA.slot()]
            + counts[Count.LATEX.slot()]
            + text.dollars;
    return 0.2 * saturated(tokens, 400)
        + 0.2 * saturated(demands, 4)
        + 0.1 * saturated(Math.max(0, text.questionMarks - 1), 2)
        + 0.1 * saturated(marks, 8)
        + 0.1 * saturated(counts[Count.DEPTH.slot()], 1.5)
        + ofMessages(shape);
  }

  /** What the shape alone adds: JSON mode and the conversation so far. */
  static double ofConversation(RequestShape shape) {
    return (shape.jsonMode() ? 0.2 * saturated(1, 4) : 0) + ofMessages(shape);
  }

  private static double ofMessages(RequestShape shape) {
    return 0.05 * saturated(Math.max(0, shape.messageCount() - 1), 10);
  }

  /** A token is about four letters, or one East Asian character. */
  private static double tokens(int textLength, Excerpt text) {
    double eastAsian = text.length == 0 ? 0 : (double) text.eastAsian / text.length;
    return textLength * (eastAsian + (1 - eastAsian) / 4);
  }

  private static double saturated(double x, double half) {
    return x / (x + half);
  }
}
