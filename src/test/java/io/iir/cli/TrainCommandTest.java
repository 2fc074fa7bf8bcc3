package io.iir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.classify.Category;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.classify.RequestShape;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code classifier train}, from files of prompts to a classifier that a gateway can use. */
class TrainCommandTest {

  private static final Path OWN = Path.of("src/train/prompts");
  private static final List<String> FILES = List.of("european", "east-asian", "styles", "world");
  private static final int EACH = 100;

  @TempDir private Path folder;
  private String prompts = "";
  private String out = "";

  @BeforeEach
  void copySome() throws IOException {
    Path few = Files.createDirectory(folder.resolve("prompts"));
    for (String name : FILES) {
      List<String> lines = Files.readAllLines(OWN.resolve(name + ".jsonl"));
      int step = lines.size() / EACH;
      List<String> some = new ArrayList<>();
      for (int i = 0; i < EACH; i++) {
        some.add(lines.get(i * step));
      }
      Files.write(few.resolve(name + ".jsonl"), some);
    }
    prompts = few.toString();
    out = folder.resolve("own.iir").toString();
  }

  @Test
  void aClassifierAndAReportComeOfPromptsAndOutcomes() throws IOException {
    Path report = folder.resolve("report.md");
    String outcomes = outcomes().toString();
    CliRun run =
        CliRun.of(
            "classifier",
            "train",
            prompts,
            "--outcomes",
            outcomes,
            "--out",
            out,
            "--report",
            report.toString());
    assertThat(run.status()).as(run.err()).isZero();

    ModelFile file = ModelFile.open(Path.of(out));
    assertThat(file.header().path("prompts")).hasSize(FILES.size());
    assertThat(file.header().path("held_back").path("prompts").asInt()).isEqualTo(400);
    assertThat(rightOnItsOwn(new Classifier(file))).isGreaterThan(0.9);
    assertThat(Files.readString(report))
        .contains("## A fifth held back", "## Sources left out", "## Complexity")
        .contains("| **all** | 400 |", "| east-asian | 100 |", "| mmlu | 60 |")
        .doesNotContain("NaN");
  }

  /** On what it was trained on: far better than chance, or the file is not of these prompts. */
  private double rightOnItsOwn(Classifier classifier) throws IOException {
    int right = 0;
    for (String name : FILES) {
      for (String line : Files.readAllLines(Path.of(prompts, name + ".jsonl"))) {
        JsonNode row = Gateway.json(line);
        Category told =
            classifier.classify(row.path("prompt").asText(), RequestShape.PLAIN).category();
        right += told.wireName().equals(row.path("category").asText()) ? 1 : 0;
      }
    }
    return right / 400.0;
  }

  private Path outcomes() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      lines.append(
          """
          {"prompt": "Which of %d?\\nA. one\\nB. two\\nC. three\\nD. four", "set": "mmlu", "subject": "s%d", "weak": %d, "strong": 1}
          {"prompt": "Ann has %d apples and eats %d. How many are left?", "set": "gsm8k", "weak": %d, "strong": 1}
          """
              .formatted(i, i % 4, i % 2, i + 9, i % 7, i % 3 == 0 ? 1 : 0));
    }
    return Files.writeString(folder.resolve("outcomes.jsonl"), lines);
  }

  @Test
  void whatIsMissingIsNamed() {
    String missing = folder.resolve("none.jsonl").toString();
    refused("There is no file " + missing + ".", "classifier", "train", missing, "--out", out);
    refused(
        "There is no file " + missing + ".",
        "classifier",
        "train",
        prompts,
        "--outcomes",
        missing,
        "--out",
        out);
  }

  @Test
  void aBadLineIsNamedByFileLineAndField() throws IOException {
    Path bad = Path.of(prompts, "world.jsonl");
    List<String> lines = new ArrayList<>(Files.readAllLines(bad));
    lines.add("{\"prompt\": \"Hello\", \"category\": \"small_talk\"}");
    Files.write(bad, lines);
    refused(
        bad
            + ":101: category is 'small_talk', none of [simple_chat, general_chat, coding, "
            + "analysis, creative_writing, summarization, translation, math].",
        "classifier",
        "train",
        prompts,
        "--out",
        out);
  }

  @Test
  void aCategoryWithoutPromptsIsNamed() throws IOException {
    Path few = folder.resolve("few.jsonl");
    Files.writeString(
        few,
        """
        {"prompt": "Hello", "category": "simple_chat"}
        {"prompt": "What is 2 + 2?", "category": "math"}
        """);
    refused(
        "There are no prompts of general_chat, coding, analysis, creative_writing, summarization, "
            + "translation: a classifier needs some of each category.",
        "classifier",
        "train",
        few.toString(),
        "--out",
        out);
  }

  @Test
  void whereItCannotBeWrittenIsSaidBeforeTheTraining() {
    String nowhere = folder.resolve("none/own.iir").toString();
    refused(
        nowhere + " cannot be written: give a file in a folder that is there.",
        "classifier",
        "train",
        folder.resolve("none.jsonl").toString(),
        "--out",
        nowhere);
    refused("Missing required option: '--out=<out>'", "classifier", "train", prompts);
  }

  private void refused(String sentence, String... arguments) {
    CliRun run = CliRun.of(arguments);
    assertThat(run.status()).isNotZero();
    assertThat(run.err()).contains(sentence);
    assertThat(Path.of(out)).doesNotExist();
  }
}
