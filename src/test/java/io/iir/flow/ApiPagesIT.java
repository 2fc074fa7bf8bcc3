package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Gateway;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A reader opens the API's pages in chromium, and tries an operation. Needs chromium, node, and a
 * folder {@code iir.test.browser} in which {@code src/test/browser/package.json} is installed.
 */
@Tag("browser")
class ApiPagesIT {

  private static final Path PICTURE = Path.of("target/api.png");

  @Test
  void showsEveryOperationAndLetsItBeTried() throws Exception {
    Path installed =
        Path.of(
            Objects.requireNonNull(
                System.getProperty("iir.test.browser"),
                "-Diir.test.browser names no folder with playwright-core"));
    assertThat(installed.resolve("node_modules/playwright-core"))
        .as("playwright-core, installed by npm in the folder that iir.test.browser names")
        .isDirectory();
    try (Gateway gateway = Gateway.start()) {
      ProcessBuilder script =
          new ProcessBuilder(
              "node",
              Path.of("src/test/browser/api.mjs").toString(),
              "http://127.0.0.1:" + gateway.port(),
              Gateway.ADMIN_KEY,
              PICTURE.toString());
      script.environment().put("IIR_TEST_BROWSER", installed.toAbsolutePath().toString());
      script.redirectError(ProcessBuilder.Redirect.INHERIT);
      Process process = script.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();

      JsonNode seen = Gateway.json(said);
      assertThat(seen.path("complaints")).isEmpty();
      assertThat(seen.path("foreign")).as("requests to other hosts").isEmpty();
      assertThat(seen.path("title").asText()).startsWith("Intelligent Inference Router");
      assertThat(seen.path("operations").asInt()).isEqualTo(operations(gateway));
      assertThat(seen.path("status").asText()).isEqualTo("200");
      assertThat(seen.path("body").asText()).contains("sim/lorem");
      assertThat(Files.size(PICTURE)).isPositive();
    }
  }

  private static int operations(Gateway gateway) {
    HttpResponse<String> description = gateway.get("/docs/openapi.yaml", "Authorization", "none");
    assertThat(description.statusCode()).isEqualTo(200);
    return (int)
        description
            .body()
            .lines()
            .filter(line -> line.matches("    (get|post|put|patch|delete):"))
            .count();
  }
}
