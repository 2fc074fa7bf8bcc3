package io.iir.classify.train;

import io.iir.classify.Features;
import io.iir.classify.Features.Group;
import java.util.Arrays;
import java.util.List;

/** A prompt as a model sees it. */
final class Sample {

  private final Prompt prompt;
  private final int[][] hashes;
  private final float[] dense;

  private Sample(Prompt prompt, int[][] hashes, float[] dense) {
    this.prompt = prompt;
    this.hashes = hashes;
    this.dense = dense;
  }

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
      hashes[group.slot()] =
          Arrays.copyOfRange(features.hashes(), features.start(group), features.end(group));
    }
    return new Sample(prompt, hashes, features.dense().clone());
  }

  Prompt prompt() {
    return prompt;
  }

  /** Of each group of n-grams. */
  int[][] hashes() {
    return hashes;
  }

  /** The numbers beside the n-grams. */
  float[] dense() {
    return dense;
  }
}
