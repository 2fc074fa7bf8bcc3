package io.iir.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.admin.UsageGrouping.Column;
import io.iir.auth.AdminKey;
import io.iir.auth.GatewayKey;
import io.iir.usage.UsageSum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was used, as sums by group.
 *
 * @param filter what was asked for
 * @param grouping by what it is summed
 * @param groups in order
 */
record UsageReport(UsageFilter filter, UsageGrouping grouping, List<Group> groups) {

  private static final int NANO = 9;

  /**
   * A sum. What it is not grouped by is empty, like the team of a key without one.
   *
   * @param keyName null: there is no key of that id
   */
  record Group(
      String day, String key, @Nullable String keyName, String team, String model, UsageSum sum) {

    static Group of(Map<String, Object> row) {
      String key = text(row, "key_id");
      return new Group(
          text(row, "day"),
          key,
          UsageReport.keyName(key, row.get("key_name")),
          text(row, "team"),
          text(row, "model"),
          new UsageSum(
              number(row, "requests"),
              number(row, "errors"),
              number(row, "prompt_tokens"),
              number(row, "cached_tokens"),
              number(row, "completion_tokens"),
              number(row, "cost_nano_usd")));
    }

    private static String text(Map<String, Object> row, String column) {
      Object value = row.get(column);
      return value == null ? "" : value.toString();
    }

    private static long number(Map<String, Object> row, String column) {
      return row.get(column) instanceof Number number ? number.longValue() : 0;
    }
  }

  /** The name of {@code key}, which the table of keys calls {@code stored}. */
  static @Nullable String keyName(String key, @Nullable Object stored) {
    if (stored != null) {
      return stored.toString();
    }
    return switch (key) {
      case AdminKey.ID -> AdminKey.KEY.name();
      case GatewayKey.JUDGE -> GatewayKey.NAME;
      default -> null;
    };
  }

  /** Billionths of a USD as USD, exactly. */
  static String usd(long nano) {
    return BigDecimal.valueOf(nano, NANO).toPlainString();
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("object", "list")
        .put("from", filter.from().toString())
        .put("to", filter.to().toString());
    ArrayNode by = json.putArray("group_by");
    grouping.columns().forEach(column -> by.add(column.word()));
    ArrayNode data = json.putArray("data");
    UsageSum total = UsageSum.NOTHING;
    for (Group group : groups) {
      ObjectNode one = data.addObject();
      if (grouping.by(Column.DAY)) {
        one.put("day", group.day());
      }
      if (grouping.by(Column.KEY)) {
        one.put("key", group.key()).put("key_name", group.keyName());
      }
      if (grouping.by(Column.TEAM)) {
        one.put("team", orNull(group.team()));
      }
      if (grouping.by(Column.MODEL)) {
        one.put("model", orNull(group.model()));
      }
      add(one, group.sum());
      total = total.plus(group.sum());
    }
    add(json.putObject("total"), total);
    return json;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static void add(ObjectNode json, UsageSum sum) {
    json.put("requests", sum.requests())
        .put("errors", sum.errors())
        .put("prompt_tokens", sum.promptTokens())
        .put("cached_tokens", sum.cachedTokens())
        .put("completion_tokens", sum.completionTokens())
        .put("cost_usd", usd(sum.costNanoUsd()));
  }

  /** A line a group, behind one of names. */
  byte[] toCsv() {
    Csv csv = new Csv();
    List<Object> names = new ArrayList<>();
    grouping
        .columns()
        .forEach(column -> {
          names.add(column.word());
          if (column == Column.KEY) {
            names.add("key_name");
          }
        });
    names.addAll(
        List.of(
            "requests",
            "errors",
            "prompt_tokens",
            "cached_tokens",
            "completion_tokens",
            "cost_usd"));
    csv.line(names);
    groups.forEach(group -> csv.line(fields(group)));
    return csv.bytes();
  }

  private List<Object> fields(Group group) {
    List<Object> fields = new ArrayList<>();
    for (Column column : grouping.columns()) {
      switch (column) {
        case DAY -> fields.add(group.day());
        case KEY -> {
          fields.add(group.key());
          fields.add(group.keyName() == null ? "" : group.keyName());
        }
        case TEAM -> fields.add(group.team());
        case MODEL -> fields.add(group.model());
      }
    }
    UsageSum sum = group.sum();
    fields.addAll(
        List.of(
            sum.requests(),
            sum.errors(),
            sum.promptTokens(),
            sum.cachedTokens(),
            sum.completionTokens(),
            usd(sum.costNanoUsd())));
    return fields;
  }
}
