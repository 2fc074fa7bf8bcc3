package io.iir.classify;

/**
 * The numbers that {@link Features} has beside its n-grams, each about 0..1: the rules' scores as
 * shares, signs, counts, length, scripts and layout. What is computed with {@link StrictMath} is
 * the same on every machine, as training must be. Used again for one text after the other, by one
 * thread at a time.
 */
final class DenseFeatures {

  /** How many they are. */
  static final int COUNT = 8 + 26 + 7 + 6;

  /** Those of the text that was read last. */
  final float[] numbers = new float[COUNT];

  /** Reads what is known of a text of {@code textLength} characters. */
  void read(Excerpt excerpt, Evidence evidence, int textLength) {
    double[] scores = evidence.scores;
    double most = scores[0];
    for (double score : scores) {
      most = Math.max(most, score);
    }
    double sum = 0;
    for (double score : scores) {
      sum += StrictMath.exp(score - most);
    }
    int at = 0;
    for (double score : scores) {
      numbers[at++] = (float) (StrictMath.exp(score - most) / sum);
    }
    for (boolean sign : evidence.signs) {
      numbers[at++] = sign ? 0.5f : 0;
    }
    for (int count : evidence.counts) {
      numbers[at++] = share(count);
    }
    float length = Math.max(1, excerpt.length);
    numbers[at++] = (float) StrictMath.log1p(textLength) / 8;
    numbers[at++] = excerpt.eastAsian / length;
    numbers[at++] = excerpt.latinLetters / length;
    numbers[at++] = share(excerpt.questionMarks);
    numbers[at++] = share(excerpt.items);
    numbers[at] = excerpt.quotedCount / length;
  }

  private static float share(int count) {
    return count / (count + 2f);
  }
}
