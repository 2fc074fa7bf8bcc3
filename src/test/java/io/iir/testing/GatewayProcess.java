package io.iir.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole gateway as a process of its own, on a free port, which can be killed. It has the class
 * path of the tests. Close it.
 */
public final class GatewayProcess implements AutoCloseable {

  private static final Pattern LISTENS = Pattern.compile("listens on http://localhost:(\\d+)");
  private static final int PATIENCE_SECONDS = 30;
  private static final int START_SECONDS = 120;

  private final Process process;
  private final int port;
  private final Queue<String> output;

  private GatewayProcess(Process process, int port, Queue<String> output) {
    this.process = process;
    this.port = port;
    this.output = output;
  }

  /**
   * A start that failed.
   *
   * @param status the process's exit status
   * @param output what it printed, both streams
   */
  public record Failed(int status, String output) {}

  /** Starts one on {@code dataDir} with {@code settings}, each {@code iir.name=value}. */
  public static GatewayProcess start(Path dataDir, String... settings) throws IOException {
    List<String> all = new ArrayList<>();
    all.add("iir.port=0");
    all.add("iir.host=127.0.0.1");
    all.add("iir.data-dir=" + dataDir);
    all.add("iir.discovery.environment=false");
    all.add("iir.discovery.local-ports=");
    for (String usual :
        List.of(
            "iir.admin-key=" + Gateway.ADMIN_KEY,
            "iir.management.port=0",
            "iir.classify.encoder=off")) {
      String name = usual.substring(0, usual.indexOf('=') + 1);
      if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith(name))) {
        all.add(usual);
      }
    }
    all.addAll(List.of(settings));
    Process process = launch(Map.of(), all);
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    Queue<String> said = new ConcurrentLinkedQueue<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      var _ = said.add(line);
      Matcher listens = LISTENS.matcher(line);
      if (listens.find()) {
        Thread.ofVirtual().start(() -> gather(lines, said));
        return new GatewayProcess(process, Integer.parseInt(listens.group(1)), said);
      }
    }
    throw new IllegalStateException("the gateway does not start: " + text(said));
  }

  /** Starts one that must not start, in an environment with {@code variables}, and nothing else. */
  public static Failed fail(Map<String, String> variables) throws IOException {
    Process process = launch(variables, List.of());
    Queue<String> said = new ConcurrentLinkedQueue<>();
    Thread reader =
        Thread.ofVirtual().start(() -> gather(process.inputReader(StandardCharsets.UTF_8), said));
    try {
      if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the gateway runs: " + text(said));
      }
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
    return new Failed(process.exitValue(), text(said));
  }

  private static Process launch(Map<String, String> variables, List<String> settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("io.iir.IirApplication");
    settings.forEach(setting -> command.add("--" + setting));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    return builder.start();
  }

  private static String text(Queue<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  /** Until the process, and with it the stream, ends. */
  private static void gather(BufferedReader lines, Queue<String> said) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        var _ = said.add(line);
      }
    } catch (IOException e) {
      var _ = said.add("(its output cannot be read any more: %s)".formatted(e.getMessage()));
    }
  }

  /** What it has printed so far, both streams. */
  public String output() {
    return text(output);
  }

  /** A URL on it. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** Tells it to stop, as an operator does (SIGTERM), and does not wait for its end. */
  public void terminate() {
    process.destroy();
  }

  /** Sends it the signal {@code name}, such as {@code INT}, and does not wait for its end. */
  public void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    if (new ProcessBuilder("kill", "-s", name, pid).start().waitFor() != 0) {
      throw new IllegalStateException("the signal cannot be sent: " + name);
    }
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end, and returns its exit status. */
  public int exitStatus() {
    await();
    return process.exitValue();
  }

  /** Ends it at once, as a crash does (SIGKILL). */
  public void kill() {
    process.destroyForcibly();
    await();
  }

  /** Ends it as an operator does (SIGTERM); returns its exit status. */
  public int stop() {
    process.destroy();
    await();
    return process.exitValue();
  }

  private void await() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the gateway does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
