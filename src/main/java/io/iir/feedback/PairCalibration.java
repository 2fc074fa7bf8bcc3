package io.iir.feedback;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the strong of two models is needed. Immutable.
 *
 * @param weakEvents how many scores of the weak model it was fitted to
 * @param strongEvents the same of the strong model
 * @param weakQuality how good the weak model's answers are
 * @param strongQuality how good the strong model's are
 * @param threshold the complexity from which on the strong model is asked; null: it never is
 * @param reserve by how much the quality that is kept is to be above the target: its standard
 *     error, once there are many events
 * @param expected what is expected where the threshold decides
 * @param bins calibration, by complexity
 * @param curve cost and quality of other thresholds
 */
public record PairCalibration(
    String weak,
    String strong,
    int weakEvents,
    int strongEvents,
    Curve weakQuality,
    Curve strongQuality,
    @Nullable Double threshold,
    double reserve,
    Point expected,
    List<Bin> bins,
    List<Point> curve) {

  public PairCalibration {
    bins = List.copyOf(bins);
    curve = List.copyOf(curve);
  }

  /** The two models. */
  public Pair pair() {
    return new Pair(weak, strong);
  }

  /**
   * The same models, where the first {@code k} requests of {@code thresholds} go to the weak one.
   */
  PairCalibration with(Threshold thresholds, int k) {
    return new PairCalibration(
        weak,
        strong,
        weakEvents,
        strongEvents,
        weakQuality,
        strongQuality,
        thresholds.threshold(k),
        thresholds.reserve(k),
        thresholds.point(k),
        bins,
        thresholds.curve());
  }

  /** Whether a request of {@code complexity} goes to the strong model. */
  public boolean wantsStrong(double complexity) {
    return threshold != null && complexity >= threshold;
  }

  /**
   * How probable it is that the strong model is needed at {@code complexity}: that its answer is
   * good and the weak one's is not, where whatever the weak model can the strong one can too.
   */
  public double strongNeeded(double complexity) {
    return Math.max(0, strongQuality.at(complexity) - weakQuality.at(complexity));
  }
}
