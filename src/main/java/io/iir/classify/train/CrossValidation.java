package io.iir.classify.train;

import io.iir.classify.train.SoftmaxRegression.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** What models say of samples that they were not trained on. */
final class CrossValidation {

  private CrossValidation() {}

  /**
   * A sample and the scores of a model that has not seen it.
   *
   * @param prompt the sample's prompt
   * @param scores of its categories
   */
  record Held(Prompt prompt, double[] scores) {}

  /** Each sample's scores by the model of all folds but its own; in the samples' order. */
  static List<Held> run(
      List<Sample> samples, int folds, ToIntFunction<Prompt> fold, Settings settings) {
    Held[] held = new Held[samples.size()];
    IntStream.range(0, folds)
        .parallel()
        .forEach(out -> {
          List<Sample> others = new ArrayList<>();
          for (Sample sample : samples) {
            if (fold.applyAsInt(sample.prompt()) != out) {
              others.add(sample);
            }
          }
          SoftmaxRegression model = SoftmaxRegression.train(others, settings);
          for (int i = 0; i < held.length; i++) {
            Sample sample = samples.get(i);
            if (fold.applyAsInt(sample.prompt()) == out) {
              held[i] = new Held(sample.prompt(), model.scores(sample));
            }
          }
        });
    return Arrays.asList(held);
  }

  /** Folds of prompts, whatever their source. */
  static ToIntFunction<Prompt> byPrompt(int folds) {
    return prompt -> Math.floorMod(prompt.text().hashCode() * 0x9E3779B1 >>> 8, folds);
  }

  /**
   * Folds of whole sources, of about one size: the largest source goes to the fold with the fewest
   * prompts, then the next.
   */
  static ToIntFunction<Prompt> bySource(List<Sample> samples, int folds) {
    TreeMap<String, Integer> sizes = new TreeMap<>();
    samples.forEach(sample -> sizes.merge(sample.prompt().source(), 1, Integer::sum));
    List<String> sources = new ArrayList<>(sizes.keySet());
    sources.sort((a, b) -> sizes.get(b) - sizes.get(a));
    int[] filled = new int[folds];
    TreeMap<String, Integer> fold = new TreeMap<>();
    for (String source : sources) {
      int least = 0;
      for (int i = 1; i < folds; i++) {
        least = filled[i] < filled[least] ? i : least;
      }
      filled[least] += sizes.get(source);
      fold.put(source, least);
    }
    return prompt -> fold.get(prompt.source());
  }
}
