package io.iir;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Java sources are laid out by google-java-format. It runs here, not in Spotless, because it reads
 * sources with the compiler of the JDK it runs on, and Maven itself may run on an older one. {@code
 * ./mvnw test -Dtest=FormatTest -Dformat=write} mends what differs.
 */
class FormatTest {

  static List<Path> sources() throws Exception {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void isFormatted(Path source) throws Exception {
    String text = Files.readString(source);
    String formatted = new Formatter().formatSourceAndFixImports(text);
    if ("write".equals(System.getProperty("format"))) {
      Files.writeString(source, formatted);
      return;
    }
    assertThat(text).as("run ./mvnw test -Dtest=FormatTest -Dformat=write").isEqualTo(formatted);
  }
}
