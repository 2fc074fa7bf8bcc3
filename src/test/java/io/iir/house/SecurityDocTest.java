package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each promise of {@code docs/SECURITY.md} names code and a test that are there. */
class SecurityDocTest {

  private static final Pattern CLASS = Pattern.compile("`((?:[a-z]+/)+[A-Z]\\w+)`");
  private static final Pattern HOLDERS =
      Pattern.compile(
          "^\\| held by \\|\\n\\|---\\|\\n\\| (.+) \\|\\n\\| (.+) \\|$", Pattern.MULTILINE);

  @Test
  void whatHoldsAPromiseIsThere() {
    String text = Markdown.read("docs/SECURITY.md").text();
    List<List<String>> all =
        HOLDERS.matcher(text).results().map(hit -> List.of(hit.group(1), hit.group(2))).toList();
    assertThat(all).hasSizeGreaterThan(5);
    for (List<String> each : all) {
      areThere("src/main/java/io/iir/", each.getFirst());
      areThere("src/test/java/io/iir/", each.getLast());
    }
  }

  private static void areThere(String root, String classes) {
    List<String> names = CLASS.matcher(classes).results().map(hit -> hit.group(1)).toList();
    assertThat(names).as("the classes in '%s'", classes).hasSize(classes.split(", ", -1).length);
    assertThat(names)
        .as("under %s", root)
        .allMatch(name -> Files.exists(Path.of(root + name + ".java")));
  }
}
