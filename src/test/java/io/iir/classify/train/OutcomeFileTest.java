package io.iir.classify.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeFileTest {

  @TempDir Path folder;

  private Path file(String lines) throws IOException {
    return Files.writeString(folder.resolve("outcomes.jsonl"), lines);
  }

  @Test
  void readsPairs() throws IOException {
    Path file =
        file(
            """
            {"prompt": "a", "weak": 0, "strong": 1, "set": "mmlu", "subject": "law"}
            {"prompt": "b", "weak": 1, "strong": 0.5, "set": "gsm8k"}
            """);
    assertThat(OutcomeFile.read(file))
        .containsExactly(
            new Outcome("a", "mmlu", "law", 0, 1, true),
            new Outcome("b", "gsm8k", "gsm8k", 1, 0.5, true));
  }

  @Test
  void comparesTheWeakerThirdOfManyModelsWithTheStronger() throws IOException {
    Path file =
        file(
            """
            {"prompt": "a", "task": "t", "scores": {"small": 0, "middle": 1, "large": 1, "tiny": 0, "huge": 1, "mid": 0}}
            {"prompt": "b", "task": "t", "scores": {"small": 1, "middle": 0, "large": 0, "tiny": 0, "huge": 1, "mid": 1}}
            {"prompt": "c", "task": "t", "scores": {"small": 0, "middle": 1, "large": 1, "tiny": 0, "huge": 1, "mid": 1}}
            """);
    assertThat(OutcomeFile.read(file))
        .containsExactly(
            new Outcome("a", "t", "t", 0, 1, false),
            new Outcome("b", "t", "t", 0.5, 0.5, false),
            new Outcome("c", "t", "t", 0, 1, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt\": \"\", \"weak\": 0, \"strong\": 1, \"set\": \"s\"}",
        "{\"prompt\": \"a\", \"weak\": 0, \"strong\": 1}",
        "{\"prompt\": \"a\", \"weak\": 0, \"strong\": 1.5, \"set\": \"s\"}",
        "{\"prompt\": \"a\", \"weak\": \"no\", \"strong\": 1, \"set\": \"s\"}",
        "{\"prompt\": \"a\", \"strong\": 1, \"set\": \"s\"}"
      })
  void refusesALineThatIsNoPair(String line) throws IOException {
    Path file = file("{\"prompt\": \"a\", \"weak\": 0, \"strong\": 1, \"set\": \"s\"}\n" + line);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OutcomeFile.read(file))
        .withMessageContaining("outcomes.jsonl:2: needs a prompt, a set,");
  }

  @Test
  void saysWhatElseIsWrong() throws IOException {
    Path few = file("{\"prompt\": \"a\", \"task\": \"t\", \"scores\": {\"x\": 1, \"y\": 0}}\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OutcomeFile.read(few))
        .withMessageContaining("outcomes.jsonl:1: needs a prompt, a task, and scores of three");
    Path broken = file("{\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OutcomeFile.read(broken))
        .withMessageContaining("outcomes.jsonl:1: no JSON");
    Path missing = folder.resolve("missing.jsonl");
    assertThatThrownBy(() -> OutcomeFile.read(missing))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageMatching("There is no file .*missing.jsonl\\.");
  }
}
