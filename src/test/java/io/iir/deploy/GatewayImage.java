package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the image holds, in folders of this machine: a JRE of the modules that the image's has, the
 * extracted jar, and the JVM's flags.
 *
 * @param folder the image's {@code /opt/iir}
 * @param java the image's {@code java}
 */
record GatewayImage(Path folder, Path java) {

  static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");
  private static final Path JAR = Path.of("target/iir.jar");
  private static final Pattern LISTENS = Pattern.compile("listens on https?://localhost:(\\d+)");

  /**
   * A gateway that runs.
   *
   * @param process its process
   * @param port where it listens
   */
  record Running(Process process, int port) implements AutoCloseable {

    @Override
    public void close() {
      process.destroy();
      process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  /** Extracts the jar that was built into {@code folder}, as the image's build does. */
  static GatewayImage extract(Path folder) throws IOException {
    assertThat(JAR).as("./mvnw package makes it; build it first").exists();
    run(
        folder.resolveSibling("extract.log"),
        Map.of(),
        List.of(
            JDK.resolve("java").toString(),
            "-Djarmode=tools",
            "-jar",
            JAR.toString(),
            "extract",
            "--destination",
            folder.toString()));
    Files.copy(Path.of("deploy/jvm.options"), folder.resolve("jvm.options"));
    return new GatewayImage(folder, link(folder.resolveSibling("java")).resolve("bin/java"));
  }

  /** Makes the image's JRE, by the image's own instruction. */
  private static Path link(Path target) throws IOException {
    String instruction =
        Dockerfile.read().all("RUN").stream()
            .filter(line -> line.startsWith("jlink "))
            .findFirst()
            .orElseThrow();
    List<String> command = new ArrayList<>();
    for (String word : instruction.split(" +")) {
      command.add(word.equals("/opt/java") ? target.toString() : word);
    }
    command.set(0, JDK.resolve("jlink").toString());
    run(target.resolveSibling("jlink.log"), Map.of(), command);
    return target;
  }

  /** Runs {@code command} to its end, which must be a good one; returns what it said. */
  static String run(Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    await().atMost(PATIENCE).until(() -> !process.isAlive());
    String said = Files.readString(log);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  /** The image's entrypoint, with {@code more} flags of the JVM before the others. */
  List<String> entrypoint(String... more) {
    List<String> command = new ArrayList<>();
    for (String word : Dockerfile.read().words("ENTRYPOINT")) {
      command.add(word.replace("/opt/iir", folder.toString()));
    }
    assertThat(command.getFirst()).isEqualTo("java");
    command.set(0, java.toString());
    command.addAll(1, List.of(more));
    return command;
  }

  /** Starts {@code command} where the image would, with {@code environment} and nothing else. */
  Running start(List<String> command, Map<String, String> environment) throws IOException {
    File log = folder.resolveSibling("gateway.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log);
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    await().atMost(PATIENCE).until(() -> !process.isAlive() || LISTENS.matcher(read(log)).find());
    Matcher listens = LISTENS.matcher(read(log));
    assertThat(listens.find()).as(read(log)).isTrue();
    return new Running(process, Integer.parseInt(listens.group(1)));
  }

  private static String read(File log) throws IOException {
    return Files.readString(log.toPath());
  }
}
