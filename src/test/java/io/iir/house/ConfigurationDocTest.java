package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The tables of settings in {@code docs/CONFIGURATION.md} are made of the Javadoc in {@code
 * io.iir.config}. {@code ./mvnw test -Dtest=ConfigurationDocTest -Dconfiguration=write} writes them
 * anew.
 */
class ConfigurationDocTest {

  private static final Path FILE = Path.of("docs/CONFIGURATION.md");
  private static final String BEGIN =
      "<!-- generated from the Javadoc in src/main/java/io/iir/config:"
          + " ./mvnw test -Dtest=ConfigurationDocTest -Dconfiguration=write -->\n\n";
  private static final String END = "<!-- end of what is generated -->";

  @Test
  void theTablesAreWhatTheCodeSays() throws Exception {
    String text = Files.readString(FILE);
    assertThat(text).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    String tables = new ConfigurationDoc().text();
    if ("write".equals(System.getProperty("configuration"))) {
      Files.writeString(FILE, text.substring(0, begin) + tables + text.substring(end));
      return;
    }
    assertThat(text.substring(begin, end))
        .as("run ./mvnw test -Dtest=ConfigurationDocTest -Dconfiguration=write to write it anew")
        .isEqualTo(tables);
  }

  /** Messages that say what a value must not be do not tell what it is. */
  @Test
  void aTextIsWhatTheMessageOfItsAbsenceAsksFor() {
    assertThat(new ConfigurationDoc().text())
        .contains("| `iir.local.models[].id` | `local/<model>` |")
        .contains("| `iir.local.models[].command` | list of texts |")
        .doesNotContain("`empty`");
  }
}
