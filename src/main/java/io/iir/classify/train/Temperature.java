package io.iir.classify.train;

import java.util.List;

/**
 * The temperature at which probabilities are as sure as they are right: that of the least mean
 * negative log likelihood of held-out samples (Guo et al. 2017, arXiv 1706.04599), found by golden
 * section.
 */
final class Temperature {

  private static final double RATIO = (Math.sqrt(5) - 1) / 2;

  private Temperature() {}

  static double fit(List<Held> held) {
    double low = 0.1;
    double high = 5;
    while (high - low > 1e-3) {
      double left = high - RATIO * (high - low);
      double right = low + RATIO * (high - low);
      if (loss(held, left) < loss(held, right)) {
        high = right;
      } else {
        low = left;
      }
    }
    return Math.round((low + high) / 2 * 1_000) / 1_000.0;
  }

  private static double loss(List<Held> held, double temperature) {
    double sum = 0;
    for (Held one : held) {
      double[] p = SoftmaxRegression.probabilities(one.scores(), temperature);
      sum -= StrictMath.log(Math.max(1e-12, p[one.prompt().category()]));
    }
    return sum / held.size();
  }
}
