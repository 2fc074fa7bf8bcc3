package io.iir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.iir.rules.Exports;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of the jar that is shipped. */
class PackagedJarIT {

  private static final Path JAR = Path.of("target/iir.jar");

  @TempDir private Path folder;

  @Test
  void aRuleIsValidatedWithoutAGateway() throws Exception {
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    int status = run(out, err, "rules", "validate", "routes/provider-choice.camel.yaml");
    assertThat(err).content().contains("any model may be named").doesNotContain("SLF4J");
    assertThat(out)
        .content()
        .isEqualTo("routes/provider-choice.camel.yaml: valid" + System.lineSeparator());
    assertThat(status).isZero();
  }

  @Test
  void aBacktestIsPrintedWhole() throws Exception {
    File out = folder.resolve("out").toFile();
    Path record = folder.resolve("record.ndjson");
    try (OutputStream export = Files.newOutputStream(record)) {
      Exports.of(3).write(export);
    }
    int status =
        run(
            out,
            folder.resolve("err").toFile(),
            "rules",
            "backtest",
            "--record",
            record.toString(),
            "routes/provider-choice.camel.yaml");
    assertThat(out).content().startsWith("decisions  3").contains("builders");
    assertThat(status).isZero();
  }

  @Test
  void wrongUsageHasItsStatus() throws Exception {
    File err = folder.resolve("err").toFile();
    assertThat(run(folder.resolve("out").toFile(), err, "rules", "vlidate")).isEqualTo(2);
    assertThat(err).content().contains("vlidate");
  }

  private static int run(File out, File err, String... arguments)
      throws IOException, InterruptedException {
    assumeTrue(Files.exists(JAR), "there is no jar yet");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
    builder.environment().keySet().removeAll(List.of("IIR_ADMIN_KEY", "JAVA_TOOL_OPTIONS"));
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it did not end");
    }
    return process.exitValue();
  }
}
