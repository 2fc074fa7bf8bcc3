package io.iir.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of words in columns as wide as they need, two blanks between them. For one thread. */
final class Columns {

  private static final String GAP = "  ";

  private final String sides;
  private final List<List<String>> rows = new ArrayList<>();

  /** Columns of which each is left ({@code l}) or right ({@code r}) in {@code sides}. */
  Columns(String sides) {
    this.sides = sides;
  }

  /** Puts a row below. */
  Columns row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell.toString());
    }
    rows.add(row);
    return this;
  }

  /** The rows, each with a line's end behind it. */
  @Override
  public String toString() {
    int[] widths = new int[sides.length()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String blanks = " ".repeat(widths[i] - row.get(i).length());
        boolean right = sides.charAt(i) == 'r';
        line.append(i == 0 ? "" : GAP)
            .append(right ? blanks : "")
            .append(row.get(i))
            .append(right ? "" : blanks);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
