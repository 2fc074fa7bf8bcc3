package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Docker Compose itself makes of the compose file. Its program {@code docker-compose} lies in
 * {@code iir.test.tools}, or on the PATH.
 */
@Tag("compose")
class ComposeConfigIT {

  private static final String HOW = "Docker Compose 2 is one file, which any folder may hold.";

  @TempDir Path temp;

  @Test
  void composeReadsTheFileAsTheTestsDo() throws IOException {
    ComposeFile file = ComposeFile.read(ComposeFile.SECRETS);
    JsonNode read =
        new ObjectMapper()
            .readTree(
                config(
                    "--profile",
                    "vllm",
                    "--profile",
                    "llamacpp",
                    "--profile",
                    "replicas",
                    "config",
                    "--format",
                    "json"));
    assertThat(read.path("services").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrderElementsOf(file.services().keySet());
    file.services()
        .forEach((name, service) -> {
          JsonNode theirs = read.path("services").path(name);
          assertThat(theirs.path("image")).as(name).isEqualTo(service.path("image"));
          assertThat(theirs.at("/healthcheck/test"))
              .as(name)
              .isEqualTo(service.at("/healthcheck/test"));
          file.environmentOf(name)
              .forEach((variable, value) ->
                  assertThat(theirs.path("environment").path(variable).asText())
                      .as(name + " " + variable)
                      .isEqualTo(value));
        });
    assertThat(read.at("/services/vllm/deploy/resources/reservations/devices/0/driver").asText())
        .isEqualTo("nvidia");
  }

  @Test
  void aPlainStartNeedsNoProfile() throws IOException {
    assertThat(config("config", "--services").lines())
        .containsExactlyInAnyOrder("gateway", "postgres", "redis", "prometheus", "grafana");
  }

  /** Runs Compose with the secrets of the tests and no file of the operator's. */
  private String config(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Programs.find("docker-compose", HOW).toString());
    command.addAll(List.of("--env-file", Files.writeString(temp.resolve("env"), "").toString()));
    command.addAll(List.of("--file", ComposeFile.PATH.toString()));
    command.addAll(List.of(words));
    return GatewayImage.run(temp.resolve("config.log"), ComposeFile.SECRETS, command);
  }
}
