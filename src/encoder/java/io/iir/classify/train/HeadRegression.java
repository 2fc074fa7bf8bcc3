package io.iir.classify.train;

import java.util.List;
import java.util.Random;

/**
 * Multinomial logistic regression on embeddings, by stochastic gradient descent on standardised
 * numbers, with smoothed targets and decaying weights. The same samples give the same weights to
 * the last bit.
 */
final class HeadRegression {

  private static final int CATEGORIES = SoftmaxRegression.CATEGORIES;
  private static final int EPOCHS = 25;
  private static final double RATE = 1;
  private static final double DECAY = 1e-4;
  private static final double SMOOTHING = 0.1;

  /** What it learns from. */
  static final class Example {

    private final float[] embedding;
    private final int category;

    /** A prompt's {@code embedding}, and what the prompt asks for. */
    Example(float[] embedding, int category) {
      this.embedding = embedding;
      this.category = category;
    }

    float[] embedding() {
      return embedding;
    }

    int category() {
      return category;
    }
  }

  private final int size;
  private final double[] means;
  private final double[] scales;
  private final float[][] weights;

  private HeadRegression(List<Example> examples) {
    size = examples.getFirst().embedding().length;
    means = new double[size];
    scales = new double[size];
    weights = new float[CATEGORIES][size + 1];
    standardise(examples);
  }

  /** For each category its weights, and then its bias. */
  static float[][] train(List<Example> examples, long seed) {
    HeadRegression regression = new HeadRegression(examples);
    int[] order = new int[examples.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    float[][] even = examples.stream().map(regression::even).toArray(float[][]::new);
    Random random = new Random(seed);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      SoftmaxRegression.shuffle(order, random);
      double rate = RATE * (1 - 0.95 * epoch / EPOCHS);
      for (int i : order) {
        regression.learn(even[i], examples.get(i), rate);
      }
    }
    return regression.plain();
  }

  private void standardise(List<Example> examples) {
    for (Example example : examples) {
      for (int i = 0; i < size; i++) {
        means[i] += example.embedding()[i] / examples.size();
      }
    }
    for (Example example : examples) {
      for (int i = 0; i < size; i++) {
        double off = example.embedding()[i] - means[i];
        scales[i] += off * off / examples.size();
      }
    }
    for (int i = 0; i < size; i++) {
      scales[i] = 1 / Math.sqrt((scales[i] + 1e-9) * size);
    }
  }

  /** Numbers around zero whose squares' sum is about one. */
  private float[] even(Example example) {
    float[] even = new float[size];
    for (int i = 0; i < size; i++) {
      even[i] = (float) ((example.embedding()[i] - means[i]) * scales[i]);
    }
    return even;
  }

  private void learn(float[] even, Example example, double rate) {
    double[] scores = new double[CATEGORIES];
    for (int c = 0; c < CATEGORIES; c++) {
      float sum = weights[c][size];
      for (int i = 0; i < size; i++) {
        sum += weights[c][i] * even[i];
      }
      scores[c] = sum;
    }
    double[] p = SoftmaxRegression.probabilities(scores, 1);
    float kept = (float) (1 - rate * DECAY);
    for (int c = 0; c < CATEGORIES; c++) {
      double target = c == example.category() ? 1 - SMOOTHING : 0;
      float step = (float) (rate * (p[c] - target - SMOOTHING / CATEGORIES));
      float[] row = weights[c];
      for (int i = 0; i < size; i++) {
        row[i] = row[i] * kept - step * even[i];
      }
      row[size] -= 0.1f * step;
    }
  }

  /** The same weights for embeddings as they are. */
  private float[][] plain() {
    float[][] plain = new float[CATEGORIES][size + 1];
    for (int c = 0; c < CATEGORIES; c++) {
      double bias = weights[c][size];
      for (int i = 0; i < size; i++) {
        double weight = weights[c][i] * scales[i];
        plain[c][i] = (float) weight;
        bias -= weight * means[i];
      }
      plain[c][size] = (float) bias;
    }
    return plain;
  }
}
