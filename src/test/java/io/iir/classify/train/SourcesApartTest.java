package io.iir.classify.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.classify.train.SoftmaxRegression.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Trains on this repository's own prompts and asks about public ones, of which it has seen none:
 * what to expect of prompts from elsewhere. The floors are two points below what was found.
 */
@Tag("shared-data")
class SourcesApartTest {

  private static final int FOLDS = 5;

  private static List<Held> held;

  @BeforeAll
  static void train() {
    List<Sample> own = Sample.of(PromptFile.read(Path.of("src/train/prompts")));
    List<Sample> open =
        Sample.of(PromptFile.read(Path.of("../shared/data/prompts-by-category.jsonl")));
    SoftmaxRegression model = SoftmaxRegression.train(own, Settings.CHOSEN);
    List<Held> told =
        open.stream().map(sample -> new Held(sample.prompt(), model.scores(sample))).toList();
    held = Temperature.apart(told, CrossValidation.bySource(open, FOLDS));
    System.out.println(
        new Report("Public prompts", Temperature.fit(told))
            .add(
                "All",
                "Trained on own prompts.",
                held,
                Baselines.of(open, CrossValidation.byPrompt(FOLDS), 1)));
  }

  private static Evaluation of(Predicate<Prompt> subset) {
    return Evaluation.of(held.stream().filter(one -> subset.test(one.prompt())).toList());
  }

  @Test
  void holdsItsAccuracyOnSourcesItHasNotSeen() {
    Evaluation all = of(prompt -> true);
    assertThat(all.count()).isGreaterThan(3_000);
    assertThat(all.accuracy()).isGreaterThan(0.81);
    assertThat(all.macroF1()).isGreaterThan(0.81);
    assertThat(all.sureAccuracy()).isGreaterThan(0.92);
    assertThat(all.calibrationError()).isLessThan(0.05);
  }

  @Test
  void holdsItsAccuracyInOtherLanguages() {
    assertThat(of(prompt -> !prompt.language().equals("en")).accuracy()).isGreaterThan(0.78);
  }
}
