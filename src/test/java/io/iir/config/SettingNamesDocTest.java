package io.iir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SettingNamesDocTest {

  @Test
  void namesEachSettingAndNoOther() throws Exception {
    String text = Files.readString(Path.of("docs/CONFIGURATION.md"));
    List<String> documented =
        Pattern.compile("^\\| `(iir\\.[^`]+)` \\|", Pattern.MULTILINE)
            .matcher(text)
            .results()
            .map((MatchResult row) -> row.group(1))
            .toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(SettingNames.all());
  }
}
