package io.iir.classify.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.iir.classify.Category;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.classify.RequestShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {

  private static final int ROWS = 12;

  /** Bad lines, and how what is said of them begins. */
  private static final Map<String, String> BAD =
      Map.of(
          "{'category': 'coding'}", "prompt is missing or blank.",
          "{'prompt': ' ', 'category': 'coding'}", "prompt is missing or blank.",
          "{'prompt': 7, 'category': 'coding'}", "prompt is no text.",
          "{'prompt': 'hi', 'category': 'chat'}", "category is 'chat', none of [simple_chat,",
          "{'prompt': 'hi', 'category': 'coding', 'lang': 7}", "lang is no text.",
          "{'prompt': 'hi', 'category': 'coding', 'lookalike': 'no'}", "lookalike is neither true",
          "{'prompt': 'hi', 'category': 'coding', 'source': null}", "source is no text.",
          "{'prompt': 'hi', 'category': 'coding'} {}", "no JSON: ",
          " ", "prompt is missing or blank.",
          "{", "no JSON: ");

  @TempDir Path folder;

  /** Every category has a word of its own, in a place of its own. */
  private Path prompts() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      for (Category category : Category.OF_TEXT) {
        lines.append(
            """
            {"prompt": "%s zor%s number %d", "category": "%s", "lang": "en", "lookalike": false, "source": "s%d"}
            """
                .formatted("please ".repeat(row % 3), category, row, category.wireName(), row % 4));
      }
    }
    return Files.writeString(folder.resolve("prompts.jsonl"), lines);
  }

  @Test
  void givesTheSameBytesForTheSamePromptsAndSeed() throws IOException {
    List<Path> prompts = List.of(prompts());
    Training first = Training.on(prompts, 7);
    Training second = Training.on(prompts, 7);
    assertThat(second.file()).isEqualTo(first.file());
    assertThat(second.report()).isEqualTo(first.report());
    assertThat(Training.on(prompts, 8).file()).isNotEqualTo(first.file());
  }

  @Test
  void promptsOfOneSourceAreHeldBackAtRandomAlone() throws IOException {
    Path one = prompts();
    Files.writeString(one, Files.readString(one).replaceAll("\"s\\d+\"", "\"s\""));
    String report = Training.on(List.of(one), 1).report();
    assertThat(report)
        .contains("## A fifth held back", "## Lookalikes")
        .doesNotContain("Sources left out", "NaN");
  }

  @Test
  void promptsFromElsewhereAreToldByTheOthers() throws IOException {
    Path gathered = prompts();
    Path own = folder.resolve("own.jsonl");
    String unnamed = Files.readString(gathered).replaceAll(", \"source\": \"s\\d+\"", "");
    Files.writeString(own, unnamed + unnamed.replace("zor", "far zor"));
    assertThat(Training.on(List.of(own, gathered), 1).report())
        .contains("## Sources left out", "## Gathered prompts left out")
        .doesNotContain("NaN");
    assertThat(Training.on(List.of(gathered), 1).report()).doesNotContain("Gathered prompts");
  }

  @Test
  void makesAClassifierThatTellsWhatItLearnt() throws IOException {
    Path file = Files.write(folder.resolve("c.iir"), Training.on(List.of(prompts()), 1).file());
    Classifier classifier = new Classifier(ModelFile.open(file));
    for (Category category : Category.OF_TEXT) {
      assertThat(classifier.classify("zor" + category + " number 99", RequestShape.PLAIN))
          .satisfies(found -> {
            assertThat(found.category()).isEqualTo(category);
            assertThat(found.stage()).isEqualTo(1);
            assertThat(found.version()).isEqualTo(classifier.version());
          });
    }
  }

  @Test
  void saysWhichLineIsWrong() throws IOException {
    Path file = folder.resolve("bad.jsonl");
    for (Map.Entry<String, String> bad : BAD.entrySet()) {
      Files.writeString(file, "{'prompt': 'hi', 'category': 'simple_chat'}\n" + bad.getKey());
      String text = Files.readString(file).replace('\'', '"');
      Files.writeString(file, text);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Training.on(List.of(file), 1))
          .withMessageStartingWith(file + ":2: " + bad.getValue());
    }
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Training.on(List.of(empty), 1))
        .withMessageContaining("no prompts");
    Files.writeString(file, "{\"prompt\": \"hi\", \"category\": \"coding\"}\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Training.on(List.of(file), 1))
        .withMessage(
            "There are no prompts of simple_chat, general_chat, analysis, creative_writing, "
                + "summarization, translation, math: a classifier needs some of each category.");
  }
}
