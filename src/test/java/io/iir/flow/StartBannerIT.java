package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Gateway;
import io.iir.testing.GatewayProcess;
import io.iir.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a gateway says when it is up. */
@ExtendWith(OutputCaptureExtension.class)
class StartBannerIT {

  @TempDir Path folder;

  @Test
  void namesWhatItHasFoundAndUses(CapturedOutput console) throws IOException {
    try (RedisServer redis = RedisServer.start();
        Gateway gateway =
            Gateway.startIn(
                folder,
                "iir.providers.mine.base-url=http://127.0.0.1:1/v1",
                "iir.providers.mine.models=a,b",
                "iir.redis-url=" + redis.url())) {
      String said = console.getOut();
      assertThat(said)
          .contains("listens on http://localhost:" + gateway.port() + "\n")
          .contains("    Address    127.0.0.1\n")
          .contains("    API        http://localhost:%d/docs\n".formatted(gateway.port()))
          .contains("    Providers  mine (settings, 2 models), sim (built in, 2 models)\n")
          .contains("    Models     mine/a, mine/b, sim/echo, sim/lorem\n")
          .contains("    Database   SQLite, " + folder)
          .contains("    State      shared, Redis at 127.0.0.1:")
          .containsPattern("    Rules      provider-choice \\(version \\d+\\)\n")
          .containsPattern("    Started    in \\d+\\.\\d s, Java 25")
          .doesNotContain("WARNING")
          .doesNotContain(Gateway.ADMIN_KEY);
    }
  }

  @Test
  void warnsOfWhatShouldBeChanged(CapturedOutput console) throws IOException {
    Path routes = Files.createDirectory(folder.resolve("routes"));
    Files.writeString(routes.resolve("provider-choice.camel.yaml"), "- route:\n    id: x\n");
    try (Gateway gateway =
        Gateway.startIn(folder, "iir.host=0.0.0.0", "iir.routes-dir=" + routes)) {
      assertThat(gateway.port()).isPositive();
      assertThat(console.getOut())
          .contains("  WARNING: There is no provider but the simulator: set a key such as")
          .contains("  WARNING: Requests and keys travel unencrypted to 0.0.0.0: set")
          .contains("  WARNING: A rule is not what decides: provider-choice.camel.yaml")
          .doesNotContain("There is no folder of routes");
    }
  }

  @Test
  void warnsOfAFolderThatIsNotThere(CapturedOutput console) throws IOException {
    try (Gateway gateway =
        Gateway.startIn(
            folder, "iir.routes-dir=" + folder.resolve("none"), "iir.server.docs=false")) {
      assertThat(gateway.get("/docs").statusCode()).isEqualTo(404);
      assertThat(console.getOut())
          .contains("  WARNING: There is no folder of routes " + folder.resolve("none"))
          .doesNotContain("/docs");
    }
  }

  @Test
  void intoALogOfJsonGoesAnEventEachAndTheGeneratedKeyDoesNot() throws IOException {
    try (GatewayProcess gateway =
        GatewayProcess.start(folder, "iir.log.format=json", "iir.admin-key=")) {
      await().until(() -> gateway.output().contains("Admin key (shown this once, keep it): sk-"));
      List<String> lines = gateway.output().lines().toList();
      String key =
          lines.stream().filter(line -> line.startsWith("Admin key")).findFirst().orElseThrow();
      List<String> rest = lines.stream().filter(line -> !line.equals(key)).toList();
      assertThat(rest)
          .allMatch(line -> line.startsWith("{"))
          .noneMatch(line -> line.contains(key.substring(key.indexOf("sk-"))));
      List<JsonNode> banner =
          rest.stream()
              .map(Gateway::json)
              .filter(event -> event.at("/log/logger").asText().equals(StartBanner.class.getName()))
              .toList();
      assertThat(banner.getFirst().path("message").asText())
          .contains(" listens on http://localhost:%d; address: ".formatted(gateway.port()))
          .contains("; state: in memory");
      assertThat(banner.get(1).at("/log/level").asText()).isEqualTo("WARN");
      assertThat(banner.get(1).path("message").asText())
          .startsWith("There is no provider but the simulator");
    }
  }
}
