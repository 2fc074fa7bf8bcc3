package io.iir.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.classify.Classifier;
import io.iir.feedback.Bin;
import io.iir.feedback.Calibration;
import io.iir.feedback.Curve;
import io.iir.feedback.Learning;
import io.iir.feedback.PairCalibration;
import io.iir.feedback.Point;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The classifier, and what is learned, as an administrator sees it. */
final class ClassifierView {

  private static final int MONTH = 30;

  private final ObjectMapper json;

  ClassifierView(ObjectMapper json) {
    this.json = json;
  }

  /** Everything; blocks. */
  ObjectNode of(Classifier classifier, @Nullable Calibration live, Learning learning) {
    ObjectNode view = json.createObjectNode().put("object", "classifier");
    view.set("model", model(classifier));
    view.put("quality_target", learning.target());
    view.put("feedback", learning.events());
    view.putPOJO("version", live == null ? null : live.number());
    ArrayNode pairs = view.putArray("pairs");
    if (live != null) {
      live.byPair().values().forEach(pair -> pairs.add(of(pair)));
    }
    ArrayNode versions = view.putArray("versions");
    for (Calibration version : learning.versions()) {
      versions
          .addObject()
          .put("version", version.number())
          .put("at", version.at().toString())
          .put("source", version.source().name().toLowerCase(Locale.ROOT))
          .put("author", version.author())
          .put("outcome", version.outcome().name().toLowerCase(Locale.ROOT))
          .put("classifier", version.classifier())
          .put("quality_target", version.target())
          .put("pairs", version.byPair().size());
    }
    view.set("drift", drift(learning.categories(1), learning.categories(MONTH)));
    return view;
  }

  /** Its version, and what its trainer says of it, without where it lies in its file. */
  private ObjectNode model(Classifier classifier) {
    ObjectNode model = json.createObjectNode();
    if (classifier.header() instanceof ObjectNode header) {
      model.setAll(header);
      model.remove("sections");
    }
    return model.put("version", classifier.version());
  }

  private ObjectNode of(PairCalibration pair) {
    ObjectNode view = json.createObjectNode().put("weak", pair.weak()).put("strong", pair.strong());
    view.putObject("events").put("weak", pair.weakEvents()).put("strong", pair.strongEvents());
    view.put("threshold", rounded(pair.threshold()));
    view.put("reserve", rounded(pair.reserve()));
    view.set("expected", of(pair.expected()));
    view.set("weak_quality", of(pair.weakQuality()));
    view.set("strong_quality", of(pair.strongQuality()));
    ArrayNode bins = view.putArray("bins");
    for (Bin bin : pair.bins()) {
      ObjectNode each = bins.addObject().put("from", bin.from()).put("to", bin.to());
      each.putObject("weak")
          .put("events", bin.weakEvents())
          .put("score", rounded(bin.weakScore()))
          .put("expected", rounded(bin.weakExpected()));
      each.putObject("strong")
          .put("events", bin.strongEvents())
          .put("score", rounded(bin.strongScore()))
          .put("expected", rounded(bin.strongExpected()));
      each.put("strong_needed", rounded(bin.strongNeeded()));
    }
    ArrayNode curve = view.putArray("curve");
    pair.curve().forEach(point -> curve.add(of(point)));
    return view;
  }

  private ObjectNode of(Curve curve) {
    return json.createObjectNode()
        .put("intercept", rounded(curve.intercept()))
        .put("slope", rounded(curve.slope()));
  }

  private ObjectNode of(Point point) {
    return json.createObjectNode()
        .put("strong_share", rounded(point.share()))
        .put("threshold", rounded(point.threshold()))
        .put("quality", rounded(point.quality()))
        .put("quality_kept", rounded(point.kept()))
        .put("gap_recovered", rounded(point.gapRecovered()));
  }

  /** Shares of categories, and half the sum of their differences: 0, none, to 1. */
  private ObjectNode drift(Map<String, Long> day, Map<String, Long> month) {
    ObjectNode view = json.createObjectNode();
    long ofDay = sum(day);
    long ofMonth = sum(month);
    double distance = 0;
    ArrayNode categories = json.createArrayNode();
    for (String category : new TreeSet<>(month.keySet())) {
      double now = share(day.getOrDefault(category, 0L), ofDay);
      double usually = share(month.getOrDefault(category, 0L), ofMonth);
      distance += Math.abs(now - usually) / 2;
      categories
          .addObject()
          .put("category", category)
          .put("last_day", rounded(now))
          .put("last_30_days", rounded(usually));
    }
    view.putObject("requests").put("last_day", ofDay).put("last_30_days", ofMonth);
    view.put("distance", ofDay == 0 ? null : rounded(distance));
    view.set("categories", categories);
    return view;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static double share(long part, long all) {
    return all == 0 ? 0 : (double) part / all;
  }

  private static @Nullable Double rounded(@Nullable Double value) {
    return value == null ? null : (Double) (Math.round(value * 10_000) / 10_000.0);
  }
}
