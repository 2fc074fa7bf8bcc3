package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each dependency has its reason written down. */
class DependenciesTest {

  @Test
  void eachIsInTheDecision() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    String dependencies =
        pom.substring(pom.indexOf("\n  <dependencies>"), pom.indexOf("\n  </dependencies>"));
    List<String> names =
        Pattern.compile("<artifactId>([^<]+)</artifactId>")
            .matcher(dependencies)
            .results()
            .map((MatchResult hit) -> hit.group(1))
            .distinct()
            .toList();
    assertThat(Markdown.read("docs/adr/010-dependencies.md").firstCells())
        .containsExactlyInAnyOrderElementsOf(names);
  }
}
