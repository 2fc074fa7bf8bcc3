package io.iir.classify.train;

import io.iir.classify.train.SoftmaxRegression.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** What models say of samples that they were not trained on. */
final class CrossValidation {

  private CrossValidation() {}

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
    return prompt -> ((prompt.text().hashCode() * 0x9E3779B1) >>> 8) % folds;
  }

  /**
   * Folds of whole sources, of about one size: the largest source goes to the fold with the fewest
   * prompts, then the next.
   */
  static ToIntFunction<Prompt> bySource(List<Sample> samples, int folds) {
    TreeMap<String, List<Prompt>> sources = new TreeMap<>();
    samples.forEach(sample ->
        sources
            .computeIfAbsent(sample.prompt().source(), source -> new ArrayList<>())
            .add(sample.prompt()));
    List<List<Prompt>> largestFirst = new ArrayList<>(sources.values());
    largestFirst.sort(Comparator.<List<Prompt>>comparingInt(List::size).reversed());
    int[] filled = new int[folds];
    Map<String, Integer> fold = new HashMap<>();
    for (List<Prompt> source : largestFirst) {
      int least = 0;
      for (int i = 1; i < folds; i++) {
        least = filled[i] < filled[least] ? i : least;
      }
      filled[least] += source.size();
      fold.put(source.getFirst().source(), least);
    }
    return prompt -> fold.getOrDefault(prompt.source(), 0);
  }
}
