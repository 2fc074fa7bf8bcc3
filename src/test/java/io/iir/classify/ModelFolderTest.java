package io.iir.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that nobody uses any longer are removed, and no others. */
class ModelFolderTest {

  private static final byte[] BYTES = "a classifier".getBytes(UTF_8);

  @TempDir Path folder;

  @Test
  void itsOwnAndTheNewestOfTheOthersAreKept() throws IOException {
    old("1-00000001.iir", 3);
    old("1-00000002.iir", 1);
    old("1-00000003.iir", 2);
    new ModelFolder(folder).keep("1-00000004", BYTES);
    assertThat(names()).containsExactly("1-00000002.iir", "1-00000004.iir");
  }

  @Test
  void theOneBeforeIsTheOneThatWasUsedBeforeNotTheOneThatWasWritten() throws IOException {
    old("1-00000001.iir", 9);
    old("1-00000002.iir", 5);
    new ModelFolder(folder)
        .keep("1-00000001", Files.readAllBytes(folder.resolve("1-00000001.iir")));
    new ModelFolder(folder).keep("1-00000003", BYTES);
    assertThat(names()).containsExactly("1-00000001.iir", "1-00000003.iir");
  }

  @Test
  void whatIsNotItsOwnStays() throws IOException {
    List<String> others = List.of("mine.iir", "1-00000001.iir.bak", "new.txt", "notes");
    for (String other : others) {
      old(other, 9);
    }
    old("new123.tmp", 2);
    Files.write(folder.resolve("new456.tmp"), BYTES);
    new ModelFolder(folder).keep("1-00000004", BYTES);
    assertThat(names()).containsAll(others).contains("new456.tmp").doesNotContain("new123.tmp");
  }

  @Test
  void whatAnotherGatewayUsesStaysUntilItEnds() throws Exception {
    Process other = gateway("1-00000001");
    try {
      assertThat(other.inputReader(UTF_8).readLine()).isEqualTo("mapped");
      old("1-00000002.iir", 1);
      Files.setLastModifiedTime(folder.resolve("1-00000001.iir"), hoursAgo(9));
      new ModelFolder(folder).keep("1-00000004", BYTES);
      assertThat(names()).containsExactly("1-00000001.iir", "1-00000002.iir", "1-00000004.iir");
    } finally {
      other.destroyForcibly().waitFor();
    }
    new ModelFolder(folder).keep("1-00000004", BYTES);
    assertThat(names()).containsExactly("1-00000002.iir", "1-00000004.iir");
  }

  @Test
  void whatIsKeptTwiceStaysLocked() throws Exception {
    ModelFolder own = new ModelFolder(folder);
    own.keep("1-00000001", BYTES);
    own.keep("1-00000001", BYTES);
    old("1-00000002.iir", 1);
    old("1-00000003.iir", 2);
    own.keep("1-00000004", BYTES);
    own.keep("1-00000005", BYTES);
    Process other = gateway("1-00000006");
    try {
      assertThat(other.inputReader(UTF_8).readLine()).isEqualTo("mapped");
      assertThat(names())
          .containsExactly("1-00000001.iir", "1-00000004.iir", "1-00000005.iir", "1-00000006.iir");
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void aCopyThatWasReplacedIsMended() throws IOException {
    ModelFolder own = new ModelFolder(folder);
    own.keep("1-00000001", BYTES);
    Path file = folder.resolve("1-00000001.iir");
    Files.delete(file);
    Files.writeString(file, "another");
    assertThat(own.keep("1-00000001", BYTES).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(BYTES);
    assertThat(file).hasBinaryContent(BYTES);
  }

  @Test
  void gatewaysThatStartTogetherAllGetTheirs() throws Exception {
    List<Process> all = IntStream.range(0, 4).mapToObj(i -> gateway("1-0000000" + i % 2)).toList();
    try {
      for (Process one : all) {
        assertThat(one.inputReader(UTF_8).readLine()).isEqualTo("mapped");
      }
      assertThat(names()).containsExactly("1-00000000.iir", "1-00000001.iir");
    } finally {
      for (Process one : all) {
        one.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void whatIsMappedStaysReadableAfterItsFileIsGone() throws IOException {
    MemorySegment mapped = new ModelFolder(folder).keep("1-00000001", BYTES);
    Files.delete(folder.resolve("1-00000001.iir"));
    assertThat(mapped.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(BYTES);
  }

  private void old(String name, int hours) throws IOException {
    Path file = Files.write(folder.resolve(name), name.getBytes(UTF_8));
    Files.setLastModifiedTime(file, hoursAgo(hours));
  }

  private static FileTime hoursAgo(int hours) {
    return FileTime.from(Instant.now().minus(Duration.ofHours(hours)));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** A process that keeps a copy, says so and goes on until its input ends. */
  private Process gateway(String version) {
    String java = ProcessHandle.current().info().command().orElse("java");
    try {
      return new ProcessBuilder(
              java,
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Keeping.class.getName(),
              folder.toString(),
              version)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What another process does. */
  static final class Keeping {

    private Keeping() {}

    public static void main(String[] arguments) throws IOException {
      new ModelFolder(Path.of(arguments[0])).keep(arguments[1], BYTES);
      System.out.println("mapped");
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
