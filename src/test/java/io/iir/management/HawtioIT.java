package io.iir.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.flow.FlowRoutePolicies;
import io.iir.testing.Gateway;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hawtio in a real browser: routes with counters above zero, a diagram with the seven steps, and
 * nothing that goes wrong. Needs nodejs, Debian's chromium or the one that the variable CHROMIUM
 * names, and the folder with the npm packages of {@code src/test/browser/package.json} as {@code
 * -Diir.test.browser}. Leaves its screenshots in {@code target/hawtio}.
 */
@Tag("browser")
class HawtioIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Path SHOTS = Path.of("target/hawtio");
  private static final int CHATS = 60;

  @Test
  void showsRoutesWithCountersAndTheirDiagram() throws Exception {
    try (ManagedGateway gateway = ManagedGateway.start()) {
      for (int i = 0; i < CHATS; i++) {
        String chat =
            """
            {"model":"sim/echo","messages":[{"role":"user","content":"Hello %d"}]}\
            """
                .formatted(i);
        assertThat(gateway.gateway().chat(chat).statusCode()).isEqualTo(200);
      }
      JsonNode seen = browse("http://localhost:" + gateway.port());
      assertThat(seen.path("wrong")).as("what went wrong in the browser").isEmpty();
      Map<String, Integer> completed = completed(seen.path("rows"));
      assertThat(completed.get("chat-completions")).isEqualTo(CHATS);
      for (String step : FlowRoutePolicies.STEPS) {
        assertThat(completed.get(step)).as(step).isEqualTo(CHATS);
        assertThat(seen.path("nodes"))
            .as(step)
            .anyMatch(node -> node.asText().contains("(ID: chat-completions." + step + ")"));
      }
    }
  }

  /** How many exchanges each route has completed, as the table of routes shows it. */
  private static Map<String, Integer> completed(JsonNode rows) {
    int name = column(rows.path(0), "Name");
    int completed = column(rows.path(0), "Completed");
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 1; i < rows.size(); i++) {
      JsonNode row = rows.path(i);
      counts.put(row.path(name).asText(), row.path(completed).asInt(-1));
    }
    return counts;
  }

  private static int column(JsonNode heads, String name) {
    return StreamSupport.stream(heads.spliterator(), false)
        .map(JsonNode::asText)
        .toList()
        .indexOf(name);
  }

  private static JsonNode browse(String url) throws Exception {
    String packages = System.getProperty("iir.test.browser", "");
    assertThat(Path.of(packages, "node_modules", "playwright-core"))
        .as(
            "npm's playwright-core: run 'npm install' on src/test/browser/package.json in some"
                + " folder, and name that folder in -Diir.test.browser")
        .isDirectory();
    Files.createDirectories(SHOTS);
    ProcessBuilder node =
        new ProcessBuilder("node", "src/test/browser/hawtio.mjs", url, SHOTS.toString());
    node.environment().put("IIR_TEST_BROWSER", Path.of(packages).toAbsolutePath().toString());
    File said = SHOTS.resolve("browser.json").toFile();
    File errors = SHOTS.resolve("browser.log").toFile();
    Process browser = node.redirectOutput(said).redirectError(errors).start();
    try {
      boolean ended = browser.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(ended).as("the browser ends within %s; see %s", PATIENCE, errors).isTrue();
      assertThat(browser.exitValue()).as(Files.readString(errors.toPath())).isZero();
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly();
    }
    return Gateway.json(Files.readAllLines(said.toPath()).getLast());
  }
}
