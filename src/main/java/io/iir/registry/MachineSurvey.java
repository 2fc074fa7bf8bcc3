package io.iir.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.hardware.Hardware;
import io.iir.hardware.HardwareProbe;
import io.iir.recommend.Recommendation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the machine, works out what it can run, and keeps both. Blocks. Thread-safe.
 *
 * @param probe what looks
 * @param recommender what works it out
 * @param advisor what ranks and explains it
 * @param context tokens of prompt and answer for which there must be room
 * @param store where it is kept
 */
record MachineSurvey(
    HardwareProbe probe,
    Recommender recommender,
    Advisor advisor,
    int context,
    RegistryStore store) {

  /** Does all that for the refresh {@code id}, and tells {@code refresh} of it on the way. */
  MachineReport survey(String id, Refresh refresh) {
    Hardware hardware = probe.detect();
    ObjectNode machine = RecordJson.of(hardware);
    refresh.tell("hardware", machine);
    List<Recommendation> fitting = recommender.recommend(hardware, context);
    Advice ranking = advisor.advise(hardware, fitting);
    ObjectNode advice = ranking == null ? null : RecordJson.of(ranking);
    ArrayNode views = RecordJson.JSON.createArrayNode();
    fitting.forEach(each -> views.add(RecordJson.of(each)));
    MachineReport report = new MachineReport(machine, views, advice);
    ObjectNode event = RecordJson.JSON.createObjectNode();
    report.putInto(event);
    event.remove("hardware");
    refresh.tell("recommendations", event);
    keep(id, hardware, fitting, report);
    return report;
  }

  private void keep(
      String id, Hardware hardware, List<Recommendation> fitting, MachineReport report) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("id", id);
    row.put("detected_at", hardware.detected().toEpochMilli());
    row.put("hardware", String.valueOf(report.hardware()));
    row.put("advice", report.advice() == null ? null : report.advice().toString());
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < fitting.size(); i++) {
      Map<String, @Nullable Object> one = new HashMap<>();
      one.put("hardware", id);
      one.put("rank", i + 1);
      one.put("model", fitting.get(i).model());
      one.put("recommendation", report.recommendations().get(i).toString());
      rows.add(one);
    }
    store.hardware(row, rows);
  }
}
