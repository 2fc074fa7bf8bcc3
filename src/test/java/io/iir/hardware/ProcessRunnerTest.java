package io.iir.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.hardware.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessRunnerTest {

  private final ProcessRunner runner = new ProcessRunner(Duration.ofSeconds(30));

  @Test
  void tellsWhatAProgramWroteAndItsStatus() {
    assertThat(runner.run(List.of("sh", "-c", "echo out; echo err >&2; exit 3")))
        .isEqualTo(new Outcome.Ended(3, "out\n", "err\n"));
  }

  @Test
  void tellsThatThereIsNoSuchProgram() {
    assertThat(runner.run(List.of("no-such-program-of-this-test")))
        .isEqualTo(new Outcome.Missing());
  }

  @Test
  void tellsThatAProgramMayNotBeRun() {
    assertThat(runner.run(List.of("/etc/passwd")))
        .isInstanceOfSatisfying(
            Outcome.Broken.class, broken -> assertThat(broken.why()).contains("cannot be started"));
  }

  @Test
  void stopsAProgramThatHangsAndWhatItStarted() {
    ProcessRunner impatient = new ProcessRunner(Duration.ofMillis(200));
    assertThat(impatient.run(List.of("sh", "-c", "sleep 3600 & sleep 3600")))
        .isEqualTo(new Outcome.Broken("did not end within 200 ms"));
    // A signal has been sent; the system takes its time to act on it.
    await()
        .until(() ->
            ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .noneMatch(child -> child.info().commandLine().orElse("").contains("sleep 3600")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 0", "sleep 3600"})
  void leavesAloneWhatAProgramLeavesBehindWithItsOutputOpen(String then, @TempDir Path folder)
      throws IOException {
    Path pid = folder.resolve("pid");
    String script = "setsid sleep 3600 & echo $! > '%s'; %s".formatted(pid, then);
    ProcessRunner impatient = new ProcessRunner(Duration.ofMillis(500));
    // Java closes the output of a program that has ended, unless someone is reading it just then.
    assertThat(impatient.run(List.of("sh", "-c", script)))
        .satisfiesAnyOf(
            outcome -> assertThat(outcome).isEqualTo(new Outcome.Ended(0, "", "")),
            outcome ->
                assertThat(outcome)
                    .isInstanceOfSatisfying(
                        Outcome.Broken.class,
                        broken -> assertThat(broken.why()).contains("500 ms")));
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void keepsSoMuchOfALongOutput() {
    assertThat(runner.run(List.of("sh", "-c", "head -c 9000000 /dev/zero | tr '\\0' x")))
        .isInstanceOfSatisfying(
            Outcome.Ended.class, ended -> assertThat(ended.output()).hasSize(4 << 20));
  }

  @Test
  void givesNoInputAndFewVariables() {
    assertThat(runner.run(List.of("sh", "-c", "cat; env | cut -d= -f1 | sort | tr '\\n' ' '")))
        .isInstanceOfSatisfying(
            Outcome.Ended.class,
            ended ->
                assertThat(List.of(ended.output().strip().split(" ", -1)))
                    .contains("PATH", "LC_ALL")
                    .isSubsetOf(
                        "PATH",
                        "HOME",
                        "LD_LIBRARY_PATH",
                        "TMPDIR",
                        "TMP",
                        "TEMP",
                        "LC_ALL",
                        "PWD",
                        "OLDPWD",
                        "SHLVL",
                        "_"));
  }
}
