package io.iir.classify.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.classify.MoreScores;
import io.iir.classify.RequestShape;
import io.iir.classify.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Both stages on prompts that they were trained on: a model or a head that is not the one that was
 * trained, or tokens that are, shows here. How good they are on other prompts is what the trainer's
 * report says.
 */
@Tag("encoder")
@Tag("shared-data")
class EncoderAccuracyTest {

  private static final Path PROMPTS = Path.of("../shared/data/prompts-by-category.jsonl");
  private static final int EACH = 8;
  private static final double BOTH = 0.9;
  private static final double ALONE = 0.7;

  @Test
  void tellsWhatItWasTrainedToTell() throws IOException {
    Classifier classifier = new Classifier(ModelFile.shipped());
    ObjectMapper json = new ObjectMapper();
    List<String> rows = Files.readAllLines(PROMPTS);
    int count = 0;
    int both = 0;
    int alone = 0;
    try (EncoderStage stage = new EncoderStage()) {
      stage.open();
      for (int i = 0; i < rows.size(); i += EACH) {
        JsonNode row = json.readTree(rows.get(i));
        String text = row.get("prompt").asText();
        String label = row.get("category").asText();
        double[] scores = stage.scores(text);
        count++;
        both += told(classifier, text, new MoreScores(stage.firstWeight(), scores), label);
        alone += told(classifier, text, new MoreScores(0, scores), label);
      }
    }
    System.out.printf(
        "second stage on %d prompts it was trained on: %.3f, alone %.3f%n",
        count, (double) both / count, (double) alone / count);
    assertThat((double) both / count).as("both stages").isGreaterThan(BOTH);
    assertThat((double) alone / count).as("the encoder alone").isGreaterThan(ALONE);
  }

  private static int told(Classifier classifier, String text, MoreScores more, String label) {
    Classification told = classifier.reconsider(Turns.of(text), RequestShape.PLAIN, more);
    return told.category().wireName().equals(label) ? 1 : 0;
  }
}
