package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Protocol;
import io.iir.protocol.Handling;
import io.iir.protocol.ProtocolConfiguration;
import io.iir.protocol.Protocols;
import io.iir.protocol.WireProtocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * The table of what each protocol makes of each field is what the code does. {@code ./mvnw test
 * -Dtest=ProtocolFieldsTest -Dformat=write} mends it.
 */
class ProtocolFieldsTest {

  private static final Path DOCUMENT = Path.of("docs/API.md");
  private static final List<Protocol> COLUMNS =
      List.of(Protocol.ANTHROPIC, Protocol.GEMINI, Protocol.BEDROCK);
  private static final String HEAD =
      "| field | Anthropic | Gemini | Bedrock |\n|---|---|---|---|\n";

  @Test
  void isDocumented() throws Exception {
    String text = Files.readString(DOCUMENT);
    String table = table();
    if ("write".equals(System.getProperty("format"))) {
      Files.writeString(DOCUMENT, replaced(text, table));
      return;
    }
    assertThat(text).as("run ./mvnw test -Dtest=ProtocolFieldsTest -Dformat=write").contains(table);
  }

  @Test
  void saysSomethingOfEachFieldInEachProtocol() {
    for (WireProtocol protocol : protocols()) {
      assertThat(protocol.fields().keySet())
          .as(protocol.protocol().name())
          .containsAll(fields().stream().filter(name -> !name.contains("[")).toList());
    }
  }

  private static String replaced(String text, String table) {
    int start = text.indexOf(HEAD);
    assertThat(start).as("the table's head in " + DOCUMENT).isNotNegative();
    int end = text.indexOf("\n\n", start);
    return text.substring(0, start) + table + text.substring(end + 1);
  }

  private static String table() {
    StringBuilder table = new StringBuilder(HEAD);
    for (String field : fields()) {
      List<String> cells = new ArrayList<>(List.of("`" + field + "`"));
      protocols().forEach(each -> cells.add(cell(each.fields().get(field))));
      table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    return table.toString();
  }

  private static String cell(@Nullable Handling handling) {
    return handling == null ? "" : handling.word();
  }

  private static Set<String> fields() {
    Set<String> all = new TreeSet<>();
    protocols().forEach(each -> all.addAll(each.fields().keySet()));
    return all;
  }

  private static List<WireProtocol> protocols() {
    try (AnnotationConfigApplicationContext context =
        new AnnotationConfigApplicationContext(ProtocolConfiguration.class)) {
      Protocols protocols = context.getBean(Protocols.class);
      return Stream.of(COLUMNS).flatMap(List::stream).map(protocols::of).toList();
    }
  }
}
