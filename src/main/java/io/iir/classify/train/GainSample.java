package io.iir.classify.train;

import io.iir.classify.Features;
import io.iir.classify.Features.Group;
import java.util.Arrays;
import java.util.List;

/**
 * An outcome as a gain model sees it.
 *
 * @param outcome the outcome
 * @param hashes of each group of n-grams
 * @param choice whether it offers answers to choose from
 */
record GainSample(Outcome outcome, int[][] hashes, boolean choice) {

  /** The samples of {@code outcomes}, in their order. */
  static List<GainSample> of(List<Outcome> outcomes) {
    Features features = new Features();
    return outcomes.stream().map(outcome -> of(outcome, features)).toList();
  }

  private static GainSample of(Outcome outcome, Features features) {
    features.read(outcome.text());
    Group[] groups = Group.values();
    int[][] hashes = new int[groups.length][];
    for (Group group : groups) {
      hashes[group.ordinal()] =
          Arrays.copyOfRange(features.hashes(), features.start(group), features.end(group));
    }
    return new GainSample(outcome, hashes, features.offersAnswers());
  }
}
