package io.iir.classify.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.ToIntFunction;

/**
 * What may be told of prompts without a model: how good a model is shows beside it. What is learned
 * for it is learned of other folds than the prompt's own.
 */
final class Baselines {

  private static final int CATEGORIES = SoftmaxRegression.CATEGORIES;

  private Baselines() {}

  /** By name, the best first: what each tells of the samples, in their order. */
  static SequencedMap<String, List<Held>> of(
      List<Sample> samples, ToIntFunction<Prompt> fold, long seed) {
    Random random = new Random(seed);
    SequencedMap<String, List<Held>> all = new LinkedHashMap<>();
    all.put("rules alone", samples.stream().map(Baselines::byRules).toList());
    all.put("the prompt's length alone", mostFrequent(samples, fold, Baselines::length));
    all.put("the most frequent category", mostFrequent(samples, fold, prompt -> 0));
    all.put("at random", samples.stream().map(sample -> atRandom(sample, random)).toList());
    return all;
  }

  /** The first of the dense numbers are the shares of the rules' scores. */
  private static Held byRules(Sample sample) {
    double[] scores = new double[CATEGORIES];
    for (int c = 0; c < scores.length; c++) {
      scores[c] = sample.dense()[c];
    }
    return new Held(sample.prompt(), scores);
  }

  private static Held atRandom(Sample sample, Random random) {
    return new Held(sample.prompt(), random.doubles(CATEGORIES).toArray());
  }

  /** Lengths of one bin differ by less than a third. */
  private static int length(Prompt prompt) {
    return (int) (2.5 * StrictMath.log(prompt.text().length()) / StrictMath.log(2));
  }

  /** The most frequent category among the other folds' prompts of the same bin. */
  private static List<Held> mostFrequent(
      List<Sample> samples, ToIntFunction<Prompt> fold, ToIntFunction<Prompt> bin) {
    Map<Integer, Map<Integer, double[]>> counts = new HashMap<>();
    for (Sample sample : samples) {
      Prompt prompt = sample.prompt();
      counts.computeIfAbsent(bin.applyAsInt(prompt), any -> new HashMap<>())
          .computeIfAbsent(fold.applyAsInt(prompt), any -> new double[CATEGORIES])[
          prompt.category()]++;
    }
    return samples.stream()
        .map(Sample::prompt)
        .map(prompt -> {
          double[] others = new double[CATEGORIES];
          counts
              .getOrDefault(bin.applyAsInt(prompt), Map.of())
              .forEach((at, some) -> {
                if (at != fold.applyAsInt(prompt)) {
                  Arrays.setAll(others, c -> others[c] + some[c]);
                }
              });
          return new Held(prompt, others);
        })
        .toList();
  }
}
