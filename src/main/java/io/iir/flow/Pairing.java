package io.iir.flow;

import io.iir.feedback.PairCalibration;
import io.iir.provider.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is a choice between two models, for price is to decide. Immutable.
 *
 * @param weak the one that would be asked first, for its price
 * @param strong the strongest of the others
 * @param complexity of the request, 0 to 1
 * @param calibration what is known of the two; null: nothing
 */
public record Pairing(
    Candidate weak, Candidate strong, double complexity, @Nullable PairCalibration calibration) {

  /** Whether quality would suffer too much: then the strong model is asked first. */
  public boolean wantsStrong() {
    return calibration != null && calibration.wantsStrong(complexity);
  }

  /** {@code targets} in the order in which they are asked. */
  public List<Candidate> order(List<Candidate> targets) {
    if (!wantsStrong()) {
      return targets;
    }
    List<Candidate> ordered = new ArrayList<>(targets.size());
    ordered.add(strong);
    for (Candidate target : targets) {
      if (target != strong) {
        ordered.add(target);
      }
    }
    return ordered;
  }
}
