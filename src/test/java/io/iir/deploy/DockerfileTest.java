package io.iir.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules that the image's file keeps. */
class DockerfileTest {

  private final Dockerfile file = Dockerfile.read();

  @Test
  void itStartsFromPinnedImagesAndItsOwnStages() {
    List<String> stages = new ArrayList<>();
    assertThat(file.all("FROM"))
        .hasSizeGreaterThan(3)
        .allSatisfy(line -> {
          String[] words = line.split(" ", -1);
          if (!stages.contains(words[0])) {
            assertThat(words[0]).matches("[a-z./-]+:\\d+\\.\\d+[\\w.-]*");
          }
          if (words.length == 3) {
            stages.add(words[2]);
          }
        });
    assertThat(file.all("COPY"))
        .filteredOn(line -> line.contains("--from="))
        .isNotEmpty()
        .allMatch(line -> stages.stream().anyMatch(stage -> line.contains("--from=" + stage)));
  }

  @Test
  void itRunsWithoutRightsAndTheJvmGetsTheSignal() {
    assertThat(file.all("USER")).containsExactly("10001:10001");
    assertThat(file.all("VOLUME")).containsExactly("/data");
    assertThat(file.all("STOPSIGNAL")).containsExactly("SIGTERM");
    assertThat(file.words("ENTRYPOINT")).startsWith("java").endsWith("-jar", "/opt/iir/iir.jar");
    assertThat(file.words("HEALTHCHECK")).containsExactly("iir-health");
    assertThat(file.all("ADD")).isEmpty();
    assertThat(String.join("\n", file.all("LABEL")))
        .contains("image.title", "image.version", "image.revision", "image.base.name");
    assertThat(file.environment().keySet()).noneMatch(name -> name.matches(".*(KEY|PASSWORD).*"));
  }

  @Test
  void theJvmHasTheProjectsFlags() {
    String pom = ComposeFile.text(Path.of("pom.xml"));
    String flags = pom.replaceAll("(?s).*<jvm.flags>(.*?)</jvm.flags>.*", "$1");
    assertThat(ComposeFile.text(Path.of("deploy/jvm.options")).lines())
        .contains(flags.split(" ", -1))
        .contains("-XX:MaxRAMPercentage=50", "-XX:MaxDirectMemorySize=512m")
        .contains("-XX:+ExitOnOutOfMemoryError");
    assertThat(file.words("ENTRYPOINT")).contains("@/opt/iir/jvm.options");
  }

  /** An AOT cache is good only for the files, and in the places, that it was made with. */
  @Test
  void theCacheIsMadeWhereTheGatewayRuns() {
    assertThat(file.words("ENTRYPOINT")).contains("-XX:AOTCache=/opt/iir/iir.aot");
    assertThat(file.all("RUN")).contains("./aot-cache.sh /opt/iir");
    assertThat(file.all("COPY")).contains("--from=aot /opt/iir/iir.aot ./");
  }

  /** All that it copies is let through, and nothing else: no .env, no state. */
  @Test
  void whatItCopiesIsSentToTheBuilder() {
    List<String> ignore = ComposeFile.text(Path.of(".dockerignore")).lines().toList();
    assertThat(ignore).startsWith("*");
    Stream<String> copied =
        file.all("COPY").stream()
            .filter(line -> !line.contains("--from="))
            .flatMap(line -> {
              List<String> words =
                  Stream.of(line.split(" ", -1)).filter(word -> !word.startsWith("--")).toList();
              return words.subList(0, words.size() - 1).stream();
            });
    assertThat(copied)
        .containsExactlyInAnyOrderElementsOf(
            ignore.stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList())
        .allMatch(name -> Files.exists(Path.of(name)));
  }
}
