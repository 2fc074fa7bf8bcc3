package io.iir.classify.train;

import io.iir.classify.Features;
import io.iir.classify.Features.Group;
import java.util.Arrays;
import java.util.List;

/**
 * A prompt as a model sees it.
 *
 * @param prompt the prompt
 * @param hashes of each group of n-grams
 * @param dense the numbers beside them
 */
record Sample(Prompt prompt, int[][] hashes, float[] dense) {

  /** The samples of {@code prompts}, in their order. */
  static List<Sample> of(List<Prompt> prompts) {
    Features features = new Features();
    return prompts.stream().map(prompt -> of(prompt, features)).toList();
  }

  private static Sample of(Prompt prompt, Features features) {
    features.read(prompt.text());
    Group[] groups = Group.values();
    int[][] hashes = new int[groups.length][];
    for (Group group : groups) {
      hashes[group.ordinal()] =
          Arrays.copyOfRange(features.hashes(), features.start(group), features.end(group));
    }
    return new Sample(prompt, hashes, features.dense().clone());
  }
}
