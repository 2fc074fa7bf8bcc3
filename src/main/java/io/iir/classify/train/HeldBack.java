package io.iir.classify.train;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What models said of prompts that they had not seen: of random fifths; of whole sources, where
 * there are several; and of all prompts that were {@link Prompt#gathered}, by a model of the
 * others, where those are most. Each says better than the one before what to expect of prompts from
 * elsewhere, so the temperature is that of the last one that there is.
 */
final class HeldBack {

  private static final int FOLDS = 5;
  private static final int SOURCE_FOLDS = 8;

  private final List<Sample> samples;
  private final ToIntFunction<Prompt> sourceFold;
  private final List<Held> byPrompt;
  private final List<Held> bySource;
  private final List<Held> gathered;
  private final double temperature;

  private HeldBack(List<Sample> samples, Models models) {
    this.samples = samples;
    sourceFold = CrossValidation.bySource(samples, SOURCE_FOLDS);
    byPrompt = models.held(FOLDS, CrossValidation.byPrompt(FOLDS));
    long sources = samples.stream().map(sample -> sample.prompt().source()).distinct().count();
    bySource = sources > 1 ? models.held(SOURCE_FOLDS, sourceFold) : List.of();
    gathered = gathered(samples, models);
    temperature = Temperature.fit(last(byPrompt, bySource, gathered));
  }

  private static List<Held> gathered(List<Sample> samples, Models models) {
    long count = samples.stream().filter(sample -> sample.prompt().gathered()).count();
    if (count == 0 || count > samples.size() / 2) {
      return List.of();
    }
    return models.held(2, prompt -> prompt.gathered() ? 0 : 1).stream()
        .filter(held -> held.prompt().gathered())
        .toList();
  }

  private static List<Held> last(List<Held> first, List<Held> second, List<Held> third) {
    if (!third.isEmpty()) {
      return third;
    }
    return second.isEmpty() ? first : second;
  }

  /** What is measured. */
  interface Models {

    /** What the model of all folds but a prompt's own says of it, of each prompt. */
    List<Held> held(int folds, ToIntFunction<Prompt> fold);
  }

  static HeldBack of(List<Sample> samples, Models models) {
    return new HeldBack(samples, models);
  }

  /** At which answers about prompts from elsewhere are as sure as they are right. */
  double temperature() {
    return temperature;
  }

  /** Of the random fifths. */
  Evaluation evaluation() {
    return Evaluation.of(at(byPrompt));
  }

  /** How good the models are; where a table's own answers gave the temperature, they are apart. */
  Report report(String title, String models, long seed) {
    Report report =
        new Report(title, temperature)
            .add(
                "A fifth held back",
                models + " Trained on the other four fifths of all sources.",
                at(byPrompt),
                Baselines.of(samples, CrossValidation.byPrompt(FOLDS), seed));
    if (!bySource.isEmpty()) {
      report.add(
          "Sources left out",
          models + " Trained without the prompt's source and without some others.",
          gathered.isEmpty() ? Temperature.apart(bySource, sourceFold) : at(bySource),
          Baselines.of(samples, sourceFold, seed));
    }
    if (!gathered.isEmpty()) {
      ToIntFunction<Prompt> fifth = CrossValidation.byPrompt(FOLDS);
      report.add(
          "Gathered prompts left out",
          models
              + " Trained without any prompt that names its source; the temperature is fitted to"
              + " four fifths of these answers and told of the others.",
          Temperature.apart(gathered, fifth),
          Baselines.of(
              samples.stream().filter(sample -> sample.prompt().gathered()).toList(), fifth, seed));
    }
    return report;
  }

  private List<Held> at(List<Held> held) {
    return held.stream().map(one -> one.at(temperature)).toList();
  }
}
