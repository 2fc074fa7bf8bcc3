package io.iir.feedback;

import java.util.List;

/**
 * How good a model's answers are, by complexity c: σ({@code intercept} + {@code slope}·c), fitted
 * to scores by logistic regression, as Platt scaling has it (Platt 1999), with scores between 0 and
 * 1 as shares of successes. The last three are the covariances of the two, for errors of what is
 * reckoned from them.
 */
public record Curve(
    double intercept, double slope, double varIntercept, double covariance, double varSlope) {

  /**
   * What a model is worth of which nothing is known, at any complexity. It is the same for all: a
   * difference between two models must show.
   */
  static final double PRIOR = 0.9;

  /** So many events the prior counts as, spread evenly over all complexities. */
  static final int PRIOR_EVENTS = 20;

  private static final int STEPS = 100;
  private static final double ENOUGH = 1e-9;

  /** The curve of {@code events}, all of one model. */
  static Curve fit(List<Event> events) {
    double intercept = Math.log(PRIOR / (1 - PRIOR));
    double slope = 0;
    Sums at = Sums.of(events, intercept, slope);
    for (int step = 0; step < STEPS; step++) {
      double determinant = at.h00 * at.h11 - at.h01 * at.h01;
      double moveIntercept = (at.h11 * at.g0 - at.h01 * at.g1) / determinant;
      double moveSlope = (at.h00 * at.g1 - at.h01 * at.g0) / determinant;
      double part = 1;
      Sums next = Sums.of(events, intercept + moveIntercept, slope + moveSlope);
      while (next.likelihood < at.likelihood - ENOUGH && part > ENOUGH) {
        part /= 2;
        next = Sums.of(events, intercept + part * moveIntercept, slope + part * moveSlope);
      }
      intercept += part * moveIntercept;
      slope += part * moveSlope;
      at = next;
      if (Math.abs(moveIntercept) + Math.abs(moveSlope) < ENOUGH) {
        break;
      }
    }
    double determinant = at.h00 * at.h11 - at.h01 * at.h01;
    return new Curve(
        intercept, slope, at.h11 / determinant, -at.h01 / determinant, at.h00 / determinant);
  }

  /** How good an answer is expected to be at {@code complexity}. */
  public double at(double complexity) {
    return 1 / (1 + Math.exp(-(intercept + slope * complexity)));
  }

  /** The log-likelihood of a curve, its gradient g and the Hessian h of its negative. */
  private static final class Sums {
    private double likelihood;
    private double g0;
    private double g1;
    private double h00;
    private double h01;
    private double h11;

    static Sums of(List<Event> events, double intercept, double slope) {
      Sums sums = new Sums();
      for (int i = 0; i < PRIOR_EVENTS; i++) {
        sums.add((i + 0.5) / PRIOR_EVENTS, PRIOR, intercept, slope);
      }
      for (Event event : events) {
        sums.add(event.complexity(), event.score(), intercept, slope);
      }
      return sums;
    }

    private void add(double complexity, double score, double intercept, double slope) {
      double logit = intercept + slope * complexity;
      double expected = 1 / (1 + Math.exp(-logit));
      double softplus = Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
      likelihood += score * logit - softplus;
      double weight = expected * (1 - expected);
      g0 += score - expected;
      g1 += (score - expected) * complexity;
      h00 += weight;
      h01 += weight * complexity;
      h11 += weight * complexity * complexity;
    }
  }
}
