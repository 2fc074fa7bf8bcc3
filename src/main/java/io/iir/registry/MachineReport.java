package io.iir.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machine, and what is recommended for it, as clients see it.
 *
 * @param hardware the machine; null: it was never looked at
 * @param recommendations what it can run, the best first
 * @param advice what a model says of that; null: none was asked
 */
record MachineReport(
    @Nullable JsonNode hardware, ArrayNode recommendations, @Nullable JsonNode advice) {

  private static final int SHOWN = 10;

  /** Nothing is known. */
  static MachineReport unknown() {
    return new MachineReport(null, RecordJson.JSON.createArrayNode(), null);
  }

  /** The newest in {@code store}. */
  static MachineReport last(RegistryStore store) {
    List<Map<String, Object>> rows = store.read(RegistryStore.Rows.HARDWARE, "");
    if (rows.isEmpty()) {
      return unknown();
    }
    Map<String, Object> row = rows.getFirst();
    ArrayNode recommendations = RecordJson.JSON.createArrayNode();
    store
        .read(RegistryStore.Rows.RECOMMENDATIONS, String.valueOf(row.get("id")))
        .forEach(each ->
            recommendations.add(RecordJson.read(String.valueOf(each.get("recommendation")))));
    Object advice = row.get("advice");
    return new MachineReport(
        RecordJson.read(String.valueOf(row.get("hardware"))),
        recommendations,
        advice == null ? null : RecordJson.read(advice.toString()));
  }

  /** Puts {@code hardware}, the best of {@code recommendations} and {@code advice} into it. */
  void putInto(ObjectNode view) {
    view.set("hardware", hardware);
    ArrayNode best = view.putArray("recommendations");
    for (int i = 0; i < Math.min(SHOWN, recommendations.size()); i++) {
      best.add(recommendations.get(i));
    }
    view.set("advice", advice);
  }
}
