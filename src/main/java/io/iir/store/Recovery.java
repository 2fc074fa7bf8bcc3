package io.iir.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was done about a damaged database.
 *
 * @param file where it was
 * @param reason what was wrong with it
 * @param aside where it is now
 * @param tables what came of each of its tables
 */
public record Recovery(Path file, String reason, Path aside, Map<String, Copied> tables) {

  public Recovery {
    tables = new TreeMap<>(tables);
  }

  /**
   * What came of a table.
   *
   * @param rows how many of its rows could be read and were copied
   * @param whole whether those are all, as far as can be seen
   */
  public record Copied(long rows, boolean whole) {}

  /** What an operator is told. */
  public String sentence() {
    List<String> recovered =
        tables.entrySet().stream()
            .filter(each -> each.getValue().rows() > 0)
            .map(each -> each.getKey() + " " + each.getValue().rows())
            .toList();
    List<String> lost =
        tables.entrySet().stream()
            .filter(each -> !each.getValue().whole())
            .map(Map.Entry::getKey)
            .toList();
    return "The database %s was damaged (%s). It was set aside as %s and built anew; rows recovered: %s. %s"
        .formatted(
            file,
            reason,
            aside.getFileName(),
            recovered.isEmpty() ? "none" : String.join(", ", recovered),
            lost.isEmpty()
                ? "All that it held was recovered."
                : "Not all could be read of: %s. Restore %s from a backup if you miss something, or issue lost API keys anew."
                    .formatted(String.join(", ", lost), file.getFileName()));
  }
}
