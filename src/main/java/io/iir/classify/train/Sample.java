package io.iir.classify.train;

import io.iir.classify.Features;
import io.iir.classify.Features.Group;
import io.iir.classify.train.SoftmaxRegression.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A prompt as a model sees it. */
final class Sample {

  private static final int[] NONE = {};

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
    return new Sample(prompt, hashes(features), features.dense().clone());
  }

  /** Each group's hashes of the text that {@code features} has read. */
  static int[][] hashes(Features features) {
    Group[] groups = Group.values();
    int[][] hashes = new int[groups.length][];
    for (Group group : groups) {
      hashes[group.slot()] =
          Arrays.copyOfRange(features.hashes(), features.start(group), features.end(group));
    }
    return hashes;
  }

  /** This sample without what chance takes away for one step of training. */
  Sample without(Settings settings, Random random) {
    int[][] kept = hashes.clone();
    for (int group = 0; group < kept.length; group++) {
      if (random.nextDouble() < settings.groupDropout()) {
        kept[group] = NONE;
      }
    }
    float[] numbers = dense;
    if (random.nextDouble() < settings.ruleDropout()) {
      numbers = dense.clone();
      Arrays.fill(numbers, 0, SoftmaxRegression.CATEGORIES, 0);
    }
    return new Sample(prompt, kept, numbers);
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
