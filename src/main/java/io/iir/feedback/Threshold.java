package io.iir.feedback;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds thresholds between two models for a sample of traffic: what of it is less complex goes to
 * the weak model. Not thread-safe.
 */
final class Threshold {

  /** With so many events the reserve is half of the standard error. */
  private static final int RESERVE_EVENTS = 500;

  private static final int POINTS = 10;

  private final double[] complexities;
  private final Curve weak;
  private final Curve strong;
  private final double trust;

  /** Sums over the first k requests of the weak model's curve, and of its derivatives. */
  private final double[][] ofWeak;

  private final double[][] ofStrong;

  /**
   * Thresholds for requests of {@code complexities}, at least one.
   *
   * @param events how many events the curves were fitted to
   */
  Threshold(double[] complexities, Curve weak, Curve strong, int events) {
    this.complexities = complexities.clone();
    Arrays.sort(this.complexities);
    this.weak = weak;
    this.strong = strong;
    this.trust = (double) events / (events + RESERVE_EVENTS);
    this.ofWeak = sums(weak);
    this.ofStrong = sums(strong);
  }

  private double[][] sums(Curve curve) {
    double[][] sums = new double[complexities.length + 1][3];
    for (int i = 0; i < complexities.length; i++) {
      double quality = curve.at(complexities[i]);
      double derivative = quality * (1 - quality);
      sums[i + 1][0] = sums[i][0] + quality;
      sums[i + 1][1] = sums[i][1] + derivative;
      sums[i + 1][2] = sums[i][2] + derivative * complexities[i];
    }
    return sums;
  }

  /**
   * How many of the least complex requests go to the weak model: the most with which the quality
   * that is kept reaches {@code target} and the reserve.
   */
  int most(double target) {
    for (int k = complexities.length; k > 0; k--) {
      if (isBoundary(k) && kept(k) - reserve(k) >= target) {
        return k;
      }
    }
    return 0;
  }

  /** What is expected where the first {@code k} go to the weak model. */
  Point point(int k) {
    int all = complexities.length;
    double quality = total(k) / all;
    double gap = total(0) - total(all);
    return new Point(
        1 - (double) k / all,
        threshold(k),
        quality,
        kept(k),
        gap <= 0 ? null : (Double) ((total(k) - total(all)) / gap));
  }

  /** The complexity of the first request that goes to the strong model; null: none does. */
  @Nullable Double threshold(int k) {
    if (k == complexities.length) {
      return null;
    }
    return k == 0 ? 0 : complexities[k];
  }

  /** By how much more than the target must be kept. */
  double reserve(int k) {
    double[] byWeak = {ofWeak[k][1], ofWeak[k][2]};
    double[] all = ofStrong[complexities.length];
    double kept = kept(k);
    double[] byStrong = {
      all[1] - ofStrong[k][1] - kept * all[1], all[2] - ofStrong[k][2] - kept * all[2]
    };
    return trust * Math.sqrt(variance(weak, byWeak) + variance(strong, byStrong)) / total(0);
  }

  /** The cost-quality curve. */
  List<Point> curve() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i <= POINTS; i++) {
      int k = (int) Math.round((1 - (double) i / POINTS) * complexities.length);
      while (!isBoundary(k)) {
        k--;
      }
      points.add(point(k));
    }
    return points;
  }

  private double kept(int k) {
    return total(k) / total(0);
  }

  private double total(int k) {
    return ofWeak[k][0] + ofStrong[complexities.length][0] - ofStrong[k][0];
  }

  /** Whether a threshold tells the first k requests from the others. */
  private boolean isBoundary(int k) {
    return k == 0 || k == complexities.length || complexities[k - 1] < complexities[k];
  }

  private static double variance(Curve curve, double[] by) {
    return by[0] * by[0] * curve.varIntercept()
        + 2 * by[0] * by[1] * curve.covariance()
        + by[1] * by[1] * curve.varSlope();
  }
}
