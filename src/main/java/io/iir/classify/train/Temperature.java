package io.iir.classify.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

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

  /** Each at the temperature that was fitted to the other folds: as if it had not been seen. */
  static List<Held> apart(List<Held> held, ToIntFunction<Prompt> fold) {
    Map<Integer, Double> fitted = new HashMap<>();
    for (Held one : held) {
      fitted.computeIfAbsent(
          fold.applyAsInt(one.prompt()),
          out ->
              fit(held.stream().filter(other -> fold.applyAsInt(other.prompt()) != out).toList()));
    }
    return held.stream()
        .map(one -> one.at(fitted.getOrDefault(fold.applyAsInt(one.prompt()), 1.0)))
        .toList();
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
