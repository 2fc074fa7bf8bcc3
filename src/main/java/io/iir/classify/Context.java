package io.iir.classify;

import java.util.Arrays;

/**
 * What the system prompt and the user's turn before add to what the last turn says. The scores of
 * the last turn hold; to them come, weighted, the logarithms of the probabilities that the other
 * two texts have for themselves. A text that says little by itself so adds little, and one text can
 * rule no category out, since each probability has a floor. The shorter the last turn, the more the
 * others weigh: "and for Japan?" means nothing alone. Where the last turn is sure by itself the
 * others are not read. The constants were fitted on half of {@code src/train/conversations}. Used
 * by one thread at a time.
 */
final class Context {

  /** What holds where nothing else is said. */
  static final Weights FITTED = new Weights(0.6, 60, 1.0, 300, 0.05, 0.97);

  /**
   * How much the other texts weigh.
   *
   * @param previous the previous turn's weight beside an empty last turn
   * @param previousHalf the length of a last turn, in characters of an alphabet, at which that is
   *     half
   * @param system the same for the system prompt
   * @param systemHalf the same for the system prompt
   * @param floor added to each probability
   * @param sure from this confidence on the last turn stands alone
   */
  record Weights(
      double previous,
      double previousHalf,
      double system,
      double systemHalf,
      double floor,
      double sure) {}

  private final Features features;
  private final double[] others = new double[Category.OF_TEXT.size()];
  private final Weights weights;

  Context(Lexicon lexicon, Weights weights) {
    this.features = new Features(lexicon);
    this.weights = weights;
  }

  /** Adds to {@code scores}, which are those of the last turn, whose text is {@code excerpt}. */
  void add(CategoryModel model, Turns turns, Excerpt excerpt, double[] scores) {
    if (turns.previous().isEmpty() && turns.system().isEmpty()) {
      return;
    }
    double length = turns.last().length();
    if (excerpt.length == 0) {
      Arrays.fill(scores, 0);
    } else {
      length *= 1 + 2.0 * excerpt.eastAsian / excerpt.length;
      if (sureness(scores) >= weights.sure()) {
        return;
      }
    }
    add(model, turns.previous(), weights.previous(), weights.previousHalf(), length, scores);
    add(model, turns.system(), weights.system(), weights.systemHalf(), length, scores);
  }

  private void add(
      CategoryModel model,
      String text,
      double weight,
      double half,
      double length,
      double[] scores) {
    if (text.isEmpty()) {
      return;
    }
    features.read(text);
    model.scores(features, others);
    double most = others[0];
    for (double score : others) {
      most = Math.max(most, score);
    }
    double sum = 0;
    for (int c = 0; c < others.length; c++) {
      others[c] = Math.exp(others[c] - most);
      sum += others[c];
    }
    double share = weight * half / (half + length);
    for (int c = 0; c < others.length; c++) {
      scores[c] += share * Math.log(others[c] / sum + weights.floor());
    }
  }

  private static double sureness(double[] scores) {
    double most = scores[0];
    for (double score : scores) {
      most = Math.max(most, score);
    }
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score - most);
    }
    return 1 / sum;
  }
}
