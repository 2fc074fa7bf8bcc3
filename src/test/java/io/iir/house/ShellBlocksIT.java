package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/**
 * The commands in the documents work as pasted: all blocks of a document in one shell, in a folder
 * laid out like a clone, against a gateway that serves the routes of that folder. A block that a
 * test cannot run says why in a comment before it: {@code <!-- not run by the tests: … -->}. Where
 * a line says {@code # prints …}, that is in the block's output.
 */
class ShellBlocksIT {

  private static final int PATIENCE_SECONDS = 120;

  /** Stands before the output of each block. */
  private static final String MARK = "=== block ";

  private static Path clone = Path.of("");
  private static @Nullable Gateway running;

  @BeforeAll
  static void layOut(@TempDir Path folder) throws IOException {
    clone = folder;
    for (String each : List.of("routes", "config")) {
      FileSystemUtils.copyRecursively(Path.of(each), clone.resolve(each));
    }
    running = Gateway.start("iir.routes-dir=" + clone.resolve("routes"));
  }

  @AfterAll
  static void stop() throws IOException {
    if (running != null) {
      running.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/SETUP.md"})
  void shellBlocksRun(String document) throws Exception {
    List<CodeBlock> blocks = runnable(document, "sh");
    assertThat(blocks).as("the blocks of %s that are run", document).hasSizeGreaterThan(2);
    StringBuilder script = new StringBuilder("set -euo pipefail\n");
    for (CodeBlock block : blocks) {
      script.append("echo; echo '%s%d'\n".formatted(MARK, block.line())).append(block.text());
    }
    script.append("echo; echo '%send'\n".formatted(MARK));
    String output = run(List.of("bash", "-c", script.toString()), document);
    for (CodeBlock block : blocks) {
      String printed = outputOf(block, output);
      assertThat(block.missingFrom(printed))
          .as("what %s:%d says that it prints, of\n%s", document, block.line(), printed)
          .isNull();
    }
  }

  @Tag("clients")
  @Test
  void pythonBlocksRun() throws Exception {
    Path python = Path.of(System.getProperty("iir.test.clients"), "python", "bin", "python");
    List<CodeBlock> blocks = runnable("README.md", "python");
    assertThat(blocks).isNotEmpty();
    for (CodeBlock block : blocks) {
      String output = run(List.of(python.toString(), "-c", block.text()), "README.md");
      assertThat(output).as("the output of README.md:%d", block.line()).isNotBlank();
    }
  }

  @Test
  void everyCurlFailsOnErrors() throws Exception {
    for (String document : List.of("README.md", "docs/SETUP.md")) {
      for (CodeBlock block : CodeBlock.of(Files.readString(Path.of(document)), "sh")) {
        assertThat(block.text().lines().filter(line -> line.contains("curl ")))
            .as("curl in %s:%d", document, block.line())
            .allMatch(line -> line.matches(".*curl -\\w*f\\w* .*"));
      }
    }
  }

  private static List<CodeBlock> runnable(String document, String language) throws IOException {
    return CodeBlock.of(Files.readString(Path.of(document)), language).stream()
        .filter(block -> block.notRun() == null)
        .toList();
  }

  private static String outputOf(CodeBlock block, String output) {
    String mark = MARK + block.line() + "\n";
    int begin = output.indexOf(mark) + mark.length();
    return output.substring(begin, output.indexOf(MARK, begin));
  }

  /** What {@code command} prints in a folder like a clone, if it ends well. */
  private static String run(List<String> command, String document) throws Exception {
    Gateway gateway = Objects.requireNonNull(running);
    Path printed = clone.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("IIR", "http://127.0.0.1:" + gateway.port());
    builder.environment().put("IIR_ADMIN_KEY", Gateway.ADMIN_KEY);
    builder.directory(clone.toFile()).redirectErrorStream(true).redirectOutput(printed.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      String output = Files.readString(printed);
      assertThat(ended).as("%s ends; its output: %s", document, output).isTrue();
      assertThat(process.exitValue()).as("%s, whose output is\n%s", document, output).isZero();
      return output;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
