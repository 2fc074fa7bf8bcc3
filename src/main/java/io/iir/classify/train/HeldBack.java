package io.iir.classify.train;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What models said of prompts that they had not seen: once of random fifths, once of whole sources,
 * which says what to expect of prompts from elsewhere. So the temperature is that of the second.
 * Where all prompts are of one source, there is the first alone.
 */
final class HeldBack {

  private static final int FOLDS = 5;
  private static final int SOURCE_FOLDS = 8;

  private final List<Sample> samples;
  private final ToIntFunction<Prompt> sourceFold;
  private final List<Held> byPrompt;
  private final List<Held> bySource;
  private final double temperature;

  private HeldBack(List<Sample> samples, Models models) {
    this.samples = samples;
    sourceFold = CrossValidation.bySource(samples, SOURCE_FOLDS);
    byPrompt = models.held(FOLDS, CrossValidation.byPrompt(FOLDS));
    long sources = samples.stream().map(sample -> sample.prompt().source()).distinct().count();
    bySource = sources > 1 ? models.held(SOURCE_FOLDS, sourceFold) : List.of();
    temperature = Temperature.fit(bySource.isEmpty() ? byPrompt : bySource);
  }

  /** What is measured. */
  interface Models {

    /** What the model of all folds but a prompt's own says of it, of each prompt. */
    List<Held> held(int folds, ToIntFunction<Prompt> fold);
  }

  static HeldBack of(List<Sample> samples, Models models) {
    return new HeldBack(samples, models);
  }

  /** At which answers about prompts of other sources are as sure as they are right. */
  double temperature() {
    return temperature;
  }

  /** Of the random fifths. */
  Evaluation evaluation() {
    return Evaluation.of(atTemperature());
  }

  /** How good the models are; the second table is at temperatures fitted to other sources. */
  Report report(String title, String models, long seed) {
    Report report =
        new Report(title, temperature)
            .add(
                "A fifth held back",
                models + " Trained on the other four fifths of all sources.",
                atTemperature(),
                Baselines.of(samples, CrossValidation.byPrompt(FOLDS), seed));
    return bySource.isEmpty()
        ? report
        : report.add(
            "Sources left out",
            models
                + " Trained, and the temperature fitted, without the prompt's source and without"
                + " some others.",
            Temperature.apart(bySource, sourceFold),
            Baselines.of(samples, sourceFold, seed));
  }

  private List<Held> atTemperature() {
    return byPrompt.stream().map(one -> one.at(temperature)).toList();
  }
}
