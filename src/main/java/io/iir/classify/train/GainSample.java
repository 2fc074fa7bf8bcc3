package io.iir.classify.train;

import io.iir.classify.Features;
import java.util.List;

/**
 * An outcome as a gain model sees it.
 *
 * @param outcome the outcome
 * @param hashes of each group of n-grams
 * @param choice whether it offers answers to choose from
 */
@SuppressWarnings("ArrayRecordComponent")
record GainSample(Outcome outcome, int[][] hashes, boolean choice) {

  /** The samples of {@code outcomes}, in their order. */
  static List<GainSample> of(List<Outcome> outcomes) {
    Features features = new Features();
    return outcomes.stream().map(outcome -> of(outcome, features)).toList();
  }

  private static GainSample of(Outcome outcome, Features features) {
    features.read(outcome.text());
    return new GainSample(outcome, Sample.hashes(features), features.offersAnswers());
  }
}
