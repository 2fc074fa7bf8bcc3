package io.iir.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  private final Process process;
  private final int port;

  private GatewayProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one on {@code dataDir} with {@code settings}, each {@code iir.name=value}. */
  public static GatewayProcess start(Path dataDir, String... settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("io.iir.IirApplication");
    command.add("--iir.port=0");
    command.add("--iir.host=127.0.0.1");
    command.add("--iir.data-dir=" + dataDir);
    command.add("--iir.admin-key=" + Gateway.ADMIN_KEY);
    command.add("--iir.discovery.environment=false");
    command.add("--iir.discovery.local-ports=");
    if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith("iir.management.port="))) {
      command.add("--iir.management.port=0");
    }
    for (String setting : settings) {
      command.add("--" + setting);
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      Matcher listens = LISTENS.matcher(line);
      if (listens.find()) {
        Thread.ofVirtual().start(() -> output.lines().forEach(rest -> {}));
        return new GatewayProcess(process, Integer.parseInt(listens.group(1)));
      }
    }
    throw new IllegalStateException("the gateway does not start: " + said);
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
