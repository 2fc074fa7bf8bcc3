package io.iir.classify;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the system prompt and the user's turn before add to what the last turn says. To the scores
 * of the last turn come, weighted, the logarithms of the probabilities that the other two texts
 * have for themselves. A text that says little by itself so adds little, and one text can rule no
 * category out, since its probabilities have a floor. From a system prompt's is taken away what
 * prompts such as "You are a helpful assistant." have, which say nothing of a task.
 *
 * <p>The shorter the last turn, the more the others weigh: "and for Japan?" means nothing alone.
 * Where it is sure by itself they are not read. Used by one thread at a time.
 */
final class Context {

  /** Fitted on half of {@code src/train/conversations}. */
  static final Weights FITTED = new Weights(2, 40, 1.6, 300, 0.02, 0.98);

  /** No context. */
  static final Weights NONE = new Weights(0, 1, 0, 1, 1, 0);

  /** A shorter last turn, in letters, is never sure by itself. */
  private static final int SHORT = 40;

  /** What weighs less is not worth reading. */
  private static final double LEAST = 0.2;

  /** System prompts that say nothing of a task. */
  private static final List<String> PLAIN =
      List.of(
          "You are a helpful assistant.",
          "Du bist ein hilfreicher Assistent.",
          "Eres un asistente útil.",
          "你是一个乐于助人的助手。",
          "Ты полезный помощник.");

  /**
   * How much the other texts weigh.
   *
   * @param previous the previous turn's weight beside an empty last turn
   * @param previousHalf the length of a last turn, in letters, at which that is half
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
  private final Weights weights;
  private final double[] others = new double[Category.OF_TEXT.size()];
  private double @Nullable [] plain;

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
      Arrays.fill(scores, 0); // nothing was said, whatever a model makes of it
    } else {
      length *= 1 + 2.0 * excerpt.eastAsian / excerpt.length; // as much in fewer characters
      if (length >= SHORT && sureness(scores) >= weights.sure()) {
        return;
      }
    }
    double previous = share(turns.previous(), weights.previous(), weights.previousHalf(), length);
    if (previous > 0) {
      read(model, turns.previous());
      for (int c = 0; c < others.length; c++) {
        scores[c] += previous * others[c];
      }
    }
    double system = share(turns.system(), weights.system(), weights.systemHalf(), length);
    if (system > 0) {
      double[] nothing = plain(model);
      read(model, turns.system());
      for (int c = 0; c < others.length; c++) {
        scores[c] += system * (others[c] - nothing[c]);
      }
    }
  }

  /** What {@code text} weighs beside a last turn of {@code length} letters; 0: it is not read. */
  private static double share(String text, double weight, double half, double length) {
    double share = text.isEmpty() ? 0 : weight * half / (half + length);
    return share < LEAST ? 0 : share;
  }

  /** Puts into {@code others} what {@code text} says by itself. */
  private void read(CategoryModel model, String text) {
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
    for (int c = 0; c < others.length; c++) {
      others[c] = Math.log(others[c] / sum + weights.floor());
    }
  }

  private double[] plain(CategoryModel model) {
    double[] known = plain;
    if (known == null) {
      known = new double[others.length];
      for (String prompt : PLAIN) {
        read(model, prompt);
        for (int c = 0; c < known.length; c++) {
          known[c] += others[c] / PLAIN.size();
        }
      }
      plain = known;
    }
    return known;
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
