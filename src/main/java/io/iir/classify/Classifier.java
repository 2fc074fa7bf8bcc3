package io.iir.classify;

import org.jspecify.annotations.Nullable;

/**
 * Tells what a chat request asks for, by rules alone: its shape first, then weighted cues in its
 * text (docs/CLASSIFICATION.md). Stateless and thread-safe; does no I/O after construction and
 * looks at no more than the first {@value Excerpt#HEAD} and the last {@value Excerpt#TAIL}
 * characters, so it may run on an event loop.
 */
public final class Classifier {

  /** A prompt of more estimated tokens than this is long_context. */
  public static final int LONG_CONTEXT_TOKENS = 32_000;

  private final Lexicon lexicon;

  /**
   * A classifier with the cues that ship with the product.
   *
   * @throws IllegalArgumentException if a line of them is bad; the message names file and line
   */
  public Classifier() {
    this(Lexicon.shipped());
  }

  Classifier(Lexicon lexicon) {
    this.lexicon = lexicon;
  }

  /**
   * Classifies one request.
   *
   * @param text what is asked: the text parts of the last user message; may be empty
   * @param shape the rest of what is known of the request
   */
  public Classification classify(String text, RequestShape shape) {
    Excerpt excerpt = Excerpt.of(text);
    Evidence evidence = Evidence.of(lexicon, excerpt);
    String language = Languages.of(excerpt, lexicon, evidence.languages);
    Category category = byShape(shape);
    double confidence = 1;
    if (category == null) {
      int best = best(evidence.scores);
      category = Category.OF_TEXT.get(best);
      confidence = confidence(evidence.scores, best);
    }
    double complexity = Complexity.of(category, text.length(), excerpt, evidence.counts, shape);
    return new Classification(category, complexity, confidence, language);
  }

  private static @Nullable Category byShape(RequestShape shape) {
    if (shape.hasImages()) {
      return Category.VISION;
    }
    if (shape.hasTools()) {
      return Category.FUNCTION_CALLING;
    }
    return shape.promptTokens() > LONG_CONTEXT_TOKENS ? Category.LONG_CONTEXT : null;
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** The best category's share of the scores' exponentials, rounded to three places. */
  private static double confidence(double[] scores, int best) {
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score - scores[best]);
    }
    return Math.round(1_000 / sum) / 1_000.0;
  }
}
