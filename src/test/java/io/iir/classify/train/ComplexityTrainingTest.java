package io.iir.classify.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.classify.Category;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.classify.RequestShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComplexityTrainingTest {

  private static final String CHOICE =
      "Question %d on %s: which one?\nA. the first\nB. the second\nC. the third\nD. none\nAnswer:";

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  /** The weak model fails on tensors. */
  private Path outcomes() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      boolean hard = i % 2 == 0;
      ObjectNode row = JSON.createObjectNode();
      row.put("prompt", CHOICE.formatted(i, hard ? "tensors" : "tulips"));
      row.put("weak", hard ? 0 : 1).put("strong", 1);
      row.put("set", "exam").put("subject", "part " + i % 7);
      lines.append(row).append('\n');
    }
    return Files.writeString(folder.resolve("outcomes.jsonl"), lines);
  }

  private Path prompts() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      for (Category category : Category.OF_TEXT) {
        ObjectNode row = JSON.createObjectNode();
        row.put("prompt", "zor" + category + " number " + i).put("category", category.wireName());
        lines.append(row.put("source", "s" + i)).append('\n');
      }
    }
    return Files.writeString(folder.resolve("prompts.jsonl"), lines);
  }

  @Test
  void learnsWhatTheWeakModelFailsAt() throws IOException {
    Training training = Training.on(List.of(prompts()), List.of(outcomes()), 1);
    Classifier classifier = new Classifier(ModelFile.of(training.file()));
    double hard =
        classifier.classify(CHOICE.formatted(999, "tensors"), RequestShape.PLAIN).complexity();
    double easy =
        classifier.classify(CHOICE.formatted(999, "tulips"), RequestShape.PLAIN).complexity();
    assertThat(hard).isGreaterThan(easy);
    assertThat(training.report()).contains("## Complexity\n").contains("| exam | 200 | 0.500 |");
    assertThat(apgr(training.report(), "exam", 8)).isGreaterThan(0.7);
  }

  @Test
  void givesTheSameBytesForTheSameOutcomesAndSeed() throws IOException {
    List<Path> prompts = List.of(prompts());
    List<Path> outcomes = List.of(outcomes());
    Training first = Training.on(prompts, outcomes, 7);
    Training second = Training.on(prompts, outcomes, 7);
    assertThat(second.file()).isEqualTo(first.file());
    assertThat(second.report()).isEqualTo(first.report());
    assertThat(Training.on(prompts, outcomes, 8).file()).isNotEqualTo(first.file());
  }

  @Test
  void keepsTheFormulaWhereThereAreNoOutcomes() throws IOException {
    Training training = Training.on(List.of(prompts()), 1);
    assertThat(ModelFile.of(training.file()).header().has("complexity")).isFalse();
    assertThat(training.report()).doesNotContain("Complexity");
  }

  /** Held-out questions only: each is told by a model that has not seen it. */
  @Test
  @Tag("shared-data")
  void beatsLengthOnHeldOutQuestions() {
    Path shared = Path.of("../shared/data");
    Training training =
        Training.on(
            List.of(
                Path.of("src/train/prompts/technical.jsonl"),
                Path.of("src/train/prompts/texts.jsonl")),
            List.of(
                shared.resolve("weak-strong-outcomes.jsonl"),
                shared.resolve("nine-model-scores.jsonl")),
            1);
    String report = training.report().substring(training.report().indexOf("## Complexity"));
    System.out.println(report);
    Map<String, Double> floors = Map.of("mmlu", 0.66, "gsm8k", 0.58);
    floors.forEach((set, floor) ->
        assertThat(apgr(report, set, 8))
            .as(set)
            .isGreaterThan(floor)
            .isGreaterThan(apgr(report, set, 5))
            .isGreaterThan(apgr(report, set, 6))
            .isGreaterThan(apgr(report, set, 7)));
  }

  /** The number in a column of a set's row. */
  private static double apgr(String report, String set, int column) {
    String row =
        report
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("| " + set + " |"))
            .findFirst()
            .orElseThrow();
    return Double.parseDouble(row.split("\\|", -1)[column].strip());
  }
}
