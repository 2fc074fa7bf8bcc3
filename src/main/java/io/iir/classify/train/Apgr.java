package io.iir.classify.train;

import java.util.ArrayList;
import java.util.List;

/**
 * The average performance gap recovered (RouteLLM, arXiv 2406.18665): requests go to the strong
 * model from the highest score down; the performance at each share of them, as a part of the gap
 * between the weak model's and the strong one's, is averaged over all shares from none to all. A
 * score at random has 0.5. Requests of one score share what they gain, so order among them does not
 * matter.
 */
final class Apgr {

  private Apgr() {}

  /**
   * The APGR of {@code scores}.
   *
   * @param gains for each score what the strong model wins over the weak one
   * @return not a number where both models are equally good
   */
  static double of(double[] scores, double[] gains) {
    List<Integer> order = new ArrayList<>();
    double gap = 0;
    for (int i = 0; i < scores.length; i++) {
      order.add(i);
      gap += gains[i];
    }
    order.sort((a, b) -> Double.compare(scores[b], scores[a]));
    double area = 0;
    double recovered = 0;
    for (int from = 0; from < order.size(); ) {
      int to = from;
      double gain = 0;
      while (to < order.size() && scores[order.get(to)] == scores[order.get(from)]) {
        gain += gains[order.get(to++)];
      }
      area += (to - from) * (recovered + gain / 2);
      recovered += gain;
      from = to;
    }
    return area / scores.length / gap;
  }
}
