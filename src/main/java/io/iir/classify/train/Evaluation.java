package io.iir.classify.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** How good answers are on held-out prompts. */
final class Evaluation {

  /** From here on an answer counts as sure. */
  static final double SURE = 0.8;

  private static final int CATEGORIES = SoftmaxRegression.CATEGORIES;
  private static final int BINS = 10;

  private final int[][] confusion;
  private final Bin[] bins;

  private Evaluation(int[][] confusion, Bin[] bins) {
    this.confusion = confusion;
    this.bins = bins;
  }

  /**
   * Answers of about one confidence.
   *
   * @param count how many
   * @param confidence their mean confidence
   * @param right how many are right
   */
  record Bin(int count, double confidence, int right) {

    private Bin with(double one, boolean correct) {
      return new Bin(
          count + 1, (confidence * count + one) / (count + 1), right + (correct ? 1 : 0));
    }
  }

  static Evaluation of(List<Held> held) {
    int[][] confusion = new int[CATEGORIES][CATEGORIES];
    Bin[] bins = new Bin[BINS];
    Arrays.fill(bins, new Bin(0, 0, 0));
    for (Held one : held) {
      double[] p = SoftmaxRegression.probabilities(one.scores(), 1);
      int told = best(p);
      int label = one.prompt().category();
      confusion[label][told]++;
      int bin = Math.min(BINS - 1, (int) (p[told] * BINS));
      bins[bin] = bins[bin].with(p[told], told == label);
    }
    return new Evaluation(confusion, bins);
  }

  /**
   * Where answers are as right as wanted.
   *
   * @param from the lowest such confidence; above 1: there is none
   * @param share of all answers
   */
  record Sure(double from, double share) {}

  /**
   * The most answers, the surest first, of which at least {@code wanted} are right. Answers of one
   * confidence are among them together or not at all.
   */
  static Sure sure(List<Held> held, double wanted) {
    record Answer(double confidence, boolean right) {}
    List<Answer> answers =
        held.stream()
            .map(one -> {
              double[] p = SoftmaxRegression.probabilities(one.scores(), 1);
              return new Answer(p[best(p)], best(p) == one.prompt().category());
            })
            .sorted(Comparator.comparingDouble(Answer::confidence).reversed())
            .toList();
    Sure most = new Sure(Double.POSITIVE_INFINITY, 0);
    int right = 0;
    for (int i = 0; i < answers.size(); i++) {
      right += answers.get(i).right() ? 1 : 0;
      double confidence = answers.get(i).confidence();
      boolean last = i + 1 == answers.size() || answers.get(i + 1).confidence() < confidence;
      if (last && right >= wanted * (i + 1)) {
        most = new Sure(confidence, share(i + 1, answers.size()));
      }
    }
    return most;
  }

  private static int best(double[] p) {
    int best = 0;
    for (int c = 1; c < CATEGORIES; c++) {
      best = p[c] > p[best] ? c : best;
    }
    return best;
  }

  /** By label, then by what was told: how many. */
  int[][] confusion() {
    return confusion;
  }

  /** Ten bins of confidence. */
  Bin[] bins() {
    return bins;
  }

  int count() {
    int count = 0;
    for (Bin bin : bins) {
      count += bin.count();
    }
    return count;
  }

  /** The share that is right. */
  double accuracy() {
    int right = 0;
    for (Bin bin : bins) {
      right += bin.right();
    }
    return share(right, count());
  }

  /** The mean of the categories' F1, over those that occur. */
  double macroF1() {
    double sum = 0;
    int occurring = 0;
    for (int c = 0; c < CATEGORIES; c++) {
      int label = 0;
      int told = 0;
      for (int other = 0; other < CATEGORIES; other++) {
        label += confusion[c][other];
        told += confusion[other][c];
      }
      if (label > 0) {
        occurring++;
        sum += 2.0 * confusion[c][c] / (label + told);
      }
    }
    return occurring == 0 ? 0 : sum / occurring;
  }

  /** The share of answers whose confidence is {@link #SURE} or more. */
  double sureShare() {
    return share(bins[8].count() + bins[9].count(), count());
  }

  /** The share of these that is right. */
  double sureAccuracy() {
    return share(bins[8].right() + bins[9].right(), bins[8].count() + bins[9].count());
  }

  /** The expected calibration error: the mean distance of confidence and accuracy over the bins. */
  double calibrationError() {
    double sum = 0;
    for (Bin bin : bins) {
      if (bin.count() > 0) {
        sum += Math.abs(bin.confidence() * bin.count() - bin.right());
      }
    }
    return sum / Math.max(1, count());
  }

  private static double share(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
