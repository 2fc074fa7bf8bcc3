package io.iir.classify.train;

import io.iir.classify.Features;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Multinomial logistic regression by stochastic gradient descent: n-grams with a plain step, which
 * keeps the weights of rare ones small; dense numbers with AdaGrad's (Duchi et al. 2011). Targets
 * are smoothed (Szegedy et al. 2016, arXiv 1512.00567). The same samples, settings and seed give
 * the same weights to the last bit, on every machine. Not thread-safe.
 */
final class SoftmaxRegression {

  /** How many categories there are. */
  static final int CATEGORIES = 8;

  /**
   * How it is trained.
   *
   * @param epochs how often each sample is seen
   * @param rate the first step's size for n-grams; the last's is a tenth of it
   * @param denseRate the same for dense numbers
   * @param smoothing the share of each target that is spread over all categories
   * @param groupDropout how often a group of n-grams is not seen
   * @param ruleDropout how often the rules' scores are not seen
   * @param seed of the order in which samples are seen, and of what is not seen
   */
  record Settings(
      int epochs,
      double rate,
      double denseRate,
      double smoothing,
      double groupDropout,
      double ruleDropout,
      long seed) {

    /** Chosen by leaving sources out. */
    static final Settings CHOSEN = new Settings(20, 0.25, 0.1, 0.05, 0.1, 0.2, 1);

    Settings withSeed(long other) {
      return new Settings(epochs, rate, denseRate, smoothing, groupDropout, ruleDropout, other);
    }
  }

  private static final double EPSILON = 1e-2;

  private final float[] table = new float[Features.BUCKETS * CATEGORIES];
  private final float[] dense = new float[Features.DENSE * CATEGORIES];
  private final float[] squares = new float[dense.length];

  /** A model of {@code samples}. */
  static SoftmaxRegression train(List<Sample> samples, Settings settings) {
    SoftmaxRegression model = new SoftmaxRegression();
    int[] order = new int[samples.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Random random = new Random(settings.seed());
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      shuffle(order, random);
      double left = 1 - 0.9 * epoch / settings.epochs();
      for (int i : order) {
        model.learn(samples.get(i).without(settings, random), settings, left);
      }
    }
    return model;
  }

  /** For each bucket eight weights. */
  float[] table() {
    return table;
  }

  /** For each dense number eight weights. */
  float[] dense() {
    return dense;
  }

  /** The logarithm of each category's odds, but for a sum. */
  double[] scores(Sample sample) {
    double[] scores = new double[CATEGORIES];
    float[] sums = new float[CATEGORIES];
    for (int[] hashes : sample.hashes()) {
      if (hashes.length == 0) {
        continue;
      }
      Arrays.fill(sums, 0);
      for (int hash : hashes) {
        int at = hash * CATEGORIES;
        for (int c = 0; c < CATEGORIES; c++) {
          sums[c] += table[at + c];
        }
      }
      double scale = 1 / Math.sqrt(hashes.length);
      for (int c = 0; c < CATEGORIES; c++) {
        scores[c] += scale * sums[c];
      }
    }
    float[] numbers = sample.dense();
    for (int i = 0; i < numbers.length; i++) {
      for (int c = 0; c < CATEGORIES; c++) {
        scores[c] += numbers[i] * dense[i * CATEGORIES + c];
      }
    }
    return scores;
  }

  /** Probabilities of scores. */
  static double[] probabilities(double[] scores, double temperature) {
    double most = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      most = Math.max(most, score);
    }
    double[] probabilities = new double[scores.length];
    double sum = 0;
    for (int c = 0; c < scores.length; c++) {
      probabilities[c] = StrictMath.exp((scores[c] - most) / temperature);
      sum += probabilities[c];
    }
    for (int c = 0; c < scores.length; c++) {
      probabilities[c] /= sum;
    }
    return probabilities;
  }

  private void learn(Sample sample, Settings settings, double left) {
    double[] gradient = probabilities(scores(sample), 1);
    for (int c = 0; c < CATEGORIES; c++) {
      double target = c == sample.prompt().category() ? 1 - settings.smoothing() : 0;
      gradient[c] -= target + settings.smoothing() / CATEGORIES;
    }
    float[] steps = new float[CATEGORIES];
    for (int[] hashes : sample.hashes()) {
      if (hashes.length == 0) {
        continue;
      }
      double scale = settings.rate() * left / Math.sqrt(hashes.length);
      for (int c = 0; c < CATEGORIES; c++) {
        steps[c] = (float) (scale * gradient[c]);
      }
      for (int hash : hashes) {
        int at = hash * CATEGORIES;
        for (int c = 0; c < CATEGORIES; c++) {
          table[at + c] -= steps[c];
        }
      }
    }
    float[] numbers = sample.dense();
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] != 0) {
        learnDense(i * CATEGORIES, numbers[i], gradient, settings.denseRate() * left);
      }
    }
  }

  private void learnDense(int at, float number, double[] gradient, double rate) {
    for (int c = 0; c < CATEGORIES; c++) {
      float slope = (float) (gradient[c] * number);
      squares[at + c] += slope * slope;
      dense[at + c] -= (float) (rate * slope / (Math.sqrt(squares[at + c]) + EPSILON));
    }
  }

  /** Puts {@code order} into another order. */
  static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
  }
}
