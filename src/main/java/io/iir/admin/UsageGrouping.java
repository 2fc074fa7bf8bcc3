package io.iir.admin;

import io.iir.openai.ApiException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * By what usage is summed.
 *
 * @param columns in the order in which they are shown
 */
record UsageGrouping(Set<Column> columns) {

  /** What can be told apart. */
  enum Column {
    /** The day, in UTC. */
    DAY,
    /** The key. */
    KEY,
    /** The team that the key was in then. */
    TEAM,
    /** The model. */
    MODEL;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final String PARAMETER = "group_by";

  /**
   * Reads it: words with commas between; by day where there is none.
   *
   * @throws ApiException 400, if a word is none of the columns, or comes twice
   */
  static UsageGrouping of(QueryParameters query) {
    String words = query.find(PARAMETER);
    if (words == null) {
      return new UsageGrouping(EnumSet.of(Column.DAY));
    }
    EnumSet<Column> columns = EnumSet.noneOf(Column.class);
    for (String word : words.split(",", -1)) {
      List<Column> named =
          EnumSet.allOf(Column.class).stream().filter(each -> each.word().equals(word)).toList();
      if (named.isEmpty() || !columns.add(named.getFirst())) {
        throw ApiException.invalidRequest(
            "'group_by' must be some of day, key, team, model, with commas between and each once",
            PARAMETER);
      }
    }
    return new UsageGrouping(columns);
  }

  boolean by(Column column) {
    return columns.contains(column);
  }

  /** What SQL calls it. */
  Map<String, Object> toSql() {
    return Map.of(
        "byDay", flag(Column.DAY),
        "byKey", flag(Column.KEY),
        "byTeam", flag(Column.TEAM),
        "byModel", flag(Column.MODEL));
  }

  private int flag(Column column) {
    return by(column) ? 1 : 0;
  }
}
