package io.iir.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The dashboards, drawn in a browser from what Prometheus answers, have no empty panel. Leaves
 * their pictures in {@code target/dashboards}; those in the documents are copies.
 */
@Tag("browser")
class DashboardsIT {

  private static final int ROUNDS = 12;
  private static final Path PICTURES = Path.of("target/dashboards").toAbsolutePath();

  @TempDir static Path temp;

  @SuppressWarnings("NullAway.Init") // set before all
  private static WatchedGateway watched;

  @BeforeAll
  static void start() throws IOException {
    watched = new WatchedGateway(temp, ROUNDS);
    Files.createDirectories(PICTURES);
  }

  @AfterAll
  static void stop() throws IOException {
    watched.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"overview", "cost", "models", "rules", "flow"})
  void noPanelIsEmpty(String name) throws Exception {
    Path scripts =
        Path.of(
            Objects.requireNonNull(
                System.getProperty("iir.test.browser"),
                "-Diir.test.browser=<folder> must name a copy of src/test/browser with its"
                    + " packages installed (npm install)"));
    Path settings = temp.resolve(name + ".settings.json");
    new ObjectMapper()
        .writeValue(
            settings.toFile(),
            Map.of(
                "prometheus", watched.prometheus().url().toString(),
                "start", watched.start().getEpochSecond(),
                "end", Instant.now().getEpochSecond(),
                "step", 1,
                "rate", "10s"));
    Process process =
        new ProcessBuilder(
                "node",
                scripts.resolve("dashboard.mjs").toString(),
                Monitoring.GRAFANA.resolve("dashboards/" + name + ".json").toString(),
                settings.toString(),
                PICTURES.resolve(name + ".png").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.strip()).isEqualTo("[]");
  }
}
