package io.iir.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A Markdown document: its sections and the rows of their tables. */
public record Markdown(String text) {

  public static Markdown read(String file) {
    try {
      return new Markdown(Files.readString(Path.of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands under the heading {@code title}, up to the next one of its rank or above. */
  public Markdown section(String title) {
    List<String> lines = text.lines().toList();
    int start = -1;
    int end = lines.size();
    int rank = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (start < 0 && line.replaceFirst("^#+ ", "").equals(title) && line.startsWith("#")) {
        start = i + 1;
        rank = line.indexOf(' ');
      } else if (start >= 0 && line.matches("#{1,%d} .*".formatted(rank))) {
        end = i;
        break;
      }
    }
    if (start < 0) {
      throw new AssertionError("there is no section '" + title + "'");
    }
    return new Markdown(String.join("\n", lines.subList(start, end)));
  }

  /** The cells of each row of its tables, without their backticks; neither heads nor rules. */
  public List<List<String>> rows() {
    List<String> lines = text.lines().toList();
    return lines.stream()
        .filter(line -> line.startsWith("| ") && !line.startsWith("|--"))
        .filter(line -> !isHead(lines, line))
        .map(Markdown::cells)
        .toList();
  }

  /** The first cell of each row. */
  public List<String> firstCells() {
    return rows().stream().map(List::getFirst).toList();
  }

  private static boolean isHead(List<String> lines, String line) {
    int next = lines.indexOf(line) + 1;
    return next < lines.size() && lines.get(next).startsWith("|--");
  }

  private static List<String> cells(String row) {
    String inner = row.substring(1, row.lastIndexOf('|'));
    return Arrays.stream(inner.split("(?<!\\\\)\\|", -1))
        .map(cell -> cell.strip().replace("`", "").replace("\\|", "|"))
        .toList();
  }
}
