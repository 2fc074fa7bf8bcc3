package io.iir.classify.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A head and a report, from a few of this repository's prompts. */
@Tag("encoder")
class EncoderTrainingTest {

  private static final Path OWN = Path.of("src/train/prompts");
  private static final int EACH = 60;

  @Test
  void trainsAHeadAndSaysHowGoodBothStagesAre(@TempDir Path folder) throws IOException {
    Path prompts = Files.createDirectory(folder.resolve("prompts"));
    for (String name : List.of("writing.jsonl", "technical.jsonl")) {
      List<String> lines = Files.readAllLines(OWN.resolve(name));
      Files.write(prompts.resolve(name), lines.subList(0, EACH));
    }
    Path head = folder.resolve("head.bin");
    Path again = folder.resolve("again.bin");
    Path report = folder.resolve("report.md");
    for (Path file : List.of(head, again)) {
      EncoderTraining.main(new String[] {prompts.toString(), file.toString(), report.toString()});
    }
    assertThat(head).hasSameBinaryContentAs(again);
    assertThat(Files.readString(report))
        .startsWith("# How good the classifier with its encoder is\n")
        .contains("## A fifth held back", "## Sources left out", "| **all** | 120 |")
        .doesNotContain("NaN");
  }

  @Test
  void needsPromptsAndTwoFilesToWrite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EncoderTraining.main(new String[] {"prompts", "head.bin"}))
        .withMessage("Give files of prompts, the head's file and the report's.");
  }
}
