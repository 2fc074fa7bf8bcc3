package io.iir.classify;

import org.jspecify.annotations.Nullable;

/**
 * How much a request needs a strong model, 0..1, learned from questions of which it is known
 * whether a weak and a strong model answered them rightly:
 *
 * <pre>
 * a question with answers to choose from
 *   0.30 + 1.4 · gain + what the conversation and JSON mode add
 * any other text
 *   Σ p(c) · base(c)                     where the categories begin
 * + Σ p(c) · reach(c) · demand           what {@link Complexity} counts in text and shape
 * + p(math, coding, analysis) · 1.2 · gain / (1 + |gain| / 0.3)
 * </pre>
 *
 * {@code p} is the first stage's probability of a category, {@code gain} a {@link GainModel}'s
 * answer: how much more often than usual a strong model is right where a weak one is not. Gains are
 * learned apart for the two kinds of text: what makes an examination question hard for a weak model
 * says little of a chat. Cut to 0..1 and rounded to three places. Immutable and thread-safe;
 * allocates nothing.
 */
final class ComplexityModel {

  /** The header's object, and the beginning of the sections' names. */
  static final String HEADER = "complexity";

  /** Questions with answers to choose from. */
  static final String CHOICE = "choice";

  /** All other texts. */
  static final String OPEN = "open";

  private static final double CHOICE_BASE = 0.3;
  private static final double CHOICE_SPREAD = 1.4;
  private static final double OPEN_SPREAD = 1.2;

  /** Far from what was learned a gain counts less: never more than this. */
  private static final double OPEN_BOUND = 0.3;

  /** Probabilities are taken at this temperature, as a wrong category should not decide alone. */
  private static final double SOFTER = 1.5;

  private static final Kind[] KINDS =
      Category.OF_TEXT.stream().map(ComplexityModel::kind).toArray(Kind[]::new);

  private final GainModel choice;
  private final GainModel open;

  private ComplexityModel(GainModel choice, GainModel open) {
    this.choice = choice;
    this.open = open;
  }

  /**
   * Where a category's texts begin, how far demands lift them, and whether what was learned of
   * problems with a right answer holds for them.
   */
  private record Kind(double base, double reach, double exact) {}

  private static Kind kind(Category category) {
    return switch (category) {
      case SIMPLE_CHAT -> new Kind(0.02, 0.4, 0);
      case GENERAL_CHAT -> new Kind(0.1, 0.7, 0);
      case TRANSLATION -> new Kind(0.1, 0.5, 0);
      case SUMMARIZATION -> new Kind(0.12, 0.5, 0);
      case CREATIVE_WRITING -> new Kind(0.14, 0.5, 0);
      case ANALYSIS -> new Kind(0.28, 1, 1);
      case CODING -> new Kind(0.31, 1, 1);
      case MATH -> new Kind(0.34, 1, 1);
      default -> throw new IllegalArgumentException(category + " is not told from text.");
    };
  }

  /**
   * The complexity model of {@code file}, or null if it has none.
   *
   * @throws IllegalArgumentException if it has a part of one
   */
  static @Nullable ComplexityModel of(ModelFile file) {
    if (!file.header().has(HEADER)) {
      return null;
    }
    return new ComplexityModel(GainModel.of(file, CHOICE), GainModel.of(file, OPEN));
  }

  /**
   * The complexity of the text that {@code features} holds.
   *
   * @param scores of the categories
   * @param textLength of the whole text, in characters
   */
  double of(Features features, double[] scores, int textLength, RequestShape shape) {
    if (features.offersAnswers()) {
      double gain = choice.of(features, textLength);
      return rounded(CHOICE_BASE + CHOICE_SPREAD * gain + Complexity.ofConversation(shape));
    }
    double most = scores[0];
    for (double score : scores) {
      most = Math.max(most, score);
    }
    double sum = 0;
    double base = 0;
    double reach = 0;
    double exact = 0;
    for (int c = 0; c < KINDS.length; c++) {
      double weight = Math.exp((scores[c] - most) / SOFTER);
      sum += weight;
      base += weight * KINDS[c].base();
      reach += weight * KINDS[c].reach();
      exact += weight * KINDS[c].exact();
    }
    double demand =
        Complexity.demand(textLength, features.excerpt(), features.evidence().counts, shape);
    double gain = open.of(features, textLength);
    double bounded = gain / (1 + Math.abs(gain) / OPEN_BOUND);
    return rounded((base + reach * demand + exact * OPEN_SPREAD * bounded) / sum);
  }

  private static double rounded(double complexity) {
    return Math.round(Math.clamp(complexity, 0, 1) * 1_000) / 1_000.0;
  }
}
