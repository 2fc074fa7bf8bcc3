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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {

  private static final int ROWS = 12;

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
    Files.writeString(
        file,
        """
        {"prompt": "hi", "category": "simple_chat"}
        {"prompt": "hi", "category": "chat"}
        """);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Training.on(List.of(file), 1))
        .withMessageContaining("bad.jsonl:2: needs a prompt, and a category of [simple_chat,");
    Files.writeString(file, "{\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Training.on(List.of(file), 1))
        .withMessageContaining("bad.jsonl:1: no JSON");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Training.on(List.of(empty), 1))
        .withMessageContaining("no prompts");
  }
}
