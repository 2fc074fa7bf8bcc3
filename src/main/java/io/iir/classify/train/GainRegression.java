package io.iir.classify.train;

import io.iir.classify.Features;
import java.util.List;
import java.util.Random;

/**
 * Linear regression of what a strong model gains, by stochastic gradient descent over n-grams, few
 * epochs and small steps instead of a penalty. The same samples and seed give the same weights to
 * the last bit. Not thread-safe.
 */
final class GainRegression {

  /** Chosen by leaving fifths out. */
  private static final int EPOCHS = 8;

  private static final double RATE = 0.005;

  private final float[] table = new float[Features.BUCKETS];

  private GainRegression() {}

  /**
   * The weight of each bucket.
   *
   * @param targets what is to be told of each sample; their mean is to be 0
   */
  static float[] train(List<GainSample> samples, double[] targets, long seed) {
    GainRegression model = new GainRegression();
    int[] order = new int[samples.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Random random = new Random(seed);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      shuffle(order, random);
      double rate = RATE * (1 - 0.9 * epoch / EPOCHS);
      for (int i : order) {
        model.learn(samples.get(i), targets[i], rate);
      }
    }
    return model.table;
  }

  private void learn(GainSample sample, double target, double rate) {
    double told = 0;
    for (int[] hashes : sample.hashes()) {
      double sum = 0;
      for (int hash : hashes) {
        sum += table[hash];
      }
      told += sum / Math.sqrt(Math.max(1, hashes.length));
    }
    for (int[] hashes : sample.hashes()) {
      float step = (float) (rate * (told - target) / Math.sqrt(Math.max(1, hashes.length)));
      for (int hash : hashes) {
        table[hash] -= step;
      }
    }
  }

  private static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
  }
}
