package io.iir.monitoring;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FreePort;
import io.iir.testing.Gateway;
import io.iir.testing.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Debian's Prometheus, a process of its own, with the rules of {@code monitoring/prometheus}, which
 * asks one gateway each second. Close it.
 */
final class PrometheusServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  private PrometheusServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one in {@code folder} that watches the gateway at {@code watched}. */
  static PrometheusServer start(Path folder, int watched) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["%s/rules/*.yml"]
            scrape_configs:
              - job_name: iir
                static_configs: [{targets: ["127.0.0.1:%d"], labels: {instance: gateway}}]
            """
                .formatted(Monitoring.PROMETHEUS.toAbsolutePath(), watched));
    int port = FreePort.find();
    Process process =
        new ProcessBuilder(
                program("prometheus"),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    PrometheusServer server = new PrometheusServer(process, port);
    await()
        .atMost(PATIENCE)
        .failFast("prometheus has ended", () -> !process.isAlive())
        .ignoreExceptions()
        .until(() -> server.get("/-/ready").statusCode() == 200);
    return server;
  }

  /** Where the program {@code name} lies. */
  static String program(String name) {
    return Programs.find(
            name,
            "`apt-get install prometheus` brings it, or leave out the tests tagged prometheus.")
        .toString();
  }

  /** Where it listens. */
  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The series that {@code expression} has now. */
  List<JsonNode> now(String expression) {
    return data("/api/v1/query?query=" + encoded(expression), expression);
  }

  /** The series that {@code expression} has had since {@code start}, second by second. */
  List<JsonNode> since(Instant start, String expression) {
    return data(
        "/api/v1/query_range?step=1&start=%d&end=%d&query=%s"
            .formatted(start.getEpochSecond(), Instant.now().getEpochSecond(), encoded(expression)),
        expression);
  }

  /** What its HTTP API answers to {@code path}. */
  JsonNode api(String path) {
    HttpResponse<String> answer = get(path);
    JsonNode body = Gateway.json(answer.body());
    if (!body.path("status").asText().equals("success")) {
      throw new AssertionError(body.path("error").asText());
    }
    return body.path("data");
  }

  private List<JsonNode> data(String path, String expression) {
    try {
      return Monitoring.list(api(path).path("result"));
    } catch (AssertionError e) {
      throw new AssertionError("Prometheus cannot answer '" + expression + "'", e);
    }
  }

  private static String encoded(String expression) {
    return URLEncoder.encode(expression, StandardCharsets.UTF_8);
  }

  private HttpResponse<String> get(String path) {
    try {
      return client.send(
          HttpRequest.newBuilder(url().resolve(path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
    process.onExit().join();
  }
}
