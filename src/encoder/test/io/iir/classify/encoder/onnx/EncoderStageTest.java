package io.iir.classify.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.classify.MoreScores;
import io.iir.classify.RequestShape;
import io.iir.classify.SecondStage;
import io.iir.classify.Turns;
import io.iir.classify.encoder.SecondStages;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The encoder as it ships. */
@Tag("encoder")
class EncoderStageTest {

  @Test
  void isFoundOnTheClassPathAndTellsCategories() throws IOException {
    Classifier classifier = new Classifier(ModelFile.shipped());
    try (SecondStage stage = Objects.requireNonNull(SecondStages.find())) {
      assertThat(stage).isInstanceOf(EncoderStage.class);
      stage.open();
      assertThat(told(classifier, stage, "Write a poem about recursion."))
          .isEqualTo("creative_writing");
      assertThat(told(classifier, stage, "Hey, how are you doing today?")).isEqualTo("simple_chat");
      assertThat(told(classifier, stage, "What is 15% of 240, plus 12?")).isEqualTo("math");
      assertThat(told(classifier, stage, "Translate 'solve for x' into German."))
          .isEqualTo("translation");
    }
  }

  @Test
  void wasTrainedBesideTheFirstStageThatShips() throws IOException {
    try (EncoderStage stage = new EncoderStage()) {
      stage.open();
      assertThat(stage.fittedBeside())
          .as("the head is older than the first stage: train it anew")
          .isEqualTo(ModelFile.shipped().version());
    }
  }

  private static String told(Classifier classifier, SecondStage stage, String text) {
    MoreScores more = new MoreScores(stage.firstWeight(), stage.scores(text));
    Classification both = classifier.reconsider(Turns.of(text), RequestShape.PLAIN, more);
    assertThat(both.stage()).isEqualTo(2);
    return both.category().wireName();
  }

  @Test
  void tellsTheSameOfTheSameTextAndSomethingOfAny() throws IOException {
    try (EncoderStage stage = new EncoderStage()) {
      stage.open();
      for (String text : List.of("", " ", "?", "hello", "中".repeat(3_000), "x".repeat(100_000))) {
        assertThat(stage.scores(text))
            .as("scores of %d characters", text.length())
            .hasSize(8)
            .doesNotContain(Double.NaN)
            .containsExactly(stage.scores(text));
      }
    }
  }

  @Test
  void tellsNothingUntilItIsOpen() {
    assertThatIllegalStateException()
        .isThrownBy(() -> new EncoderStage().scores("hello"))
        .withMessage("The encoder is not open.");
  }
}
