package io.iir.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The table of what was sent and how it was answered: {@code target/bad-input.md}. */
final class BadInputReport {

  private static final Path FILE = Path.of("target", "bad-input.md");
  private static final int LONGEST = 200;

  private final List<String> rows = new ArrayList<>();

  void add(String group, String name, int status, String code, String message) {
    rows.add(
        "| %s | %s | %d | %s | %s |"
            .formatted(
                group, cell(name), status, code.isEmpty() ? "" : "`" + code + "`", cell(message)));
  }

  private static String cell(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return shown.replace("|", "\\|").replace("<", "&lt;").replaceAll("\\p{Cntrl}", " ");
  }

  void write() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Bad input, and how it is answered");
    lines.add("");
    lines.add("| group | case | status | code | message |");
    lines.add("|---|---|---|---|---|");
    rows.stream().sorted().forEach(lines::add);
    Files.createDirectories(FILE.getParent());
    Files.write(FILE, lines);
  }
}
