package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A gateway learns from 2,000 of the rows of {@code weak-strong-outcomes.jsonl} and is held to its
 * target on the others: its clients ask {@code auto/cost}, every fourth the strong model by name,
 * and say whether the answer was right. What came of it is in {@code target/feedback.md}.
 */
@Tag("shared-data")
class FeedbackSimulationIT {

  private static final Path OUTCOMES = Path.of("../shared/data/weak-strong-outcomes.jsonl");

  /**
   * The shipped classifier's complexity was trained on these rows: without it there is a formula.
   */
  private static final String NONE = "target/none.iir";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int EVENTS = 2_000;
  private static final int AT_ONCE = 8;
  private static final long SEED = 1;
  private static final double TARGET = 0.95;

  private record Row(String prompt, double weak, double strong) {

    double score(String model) {
      return model.equals("p/strong") ? strong : weak;
    }
  }

  @Test
  void twoThousandEventsMoveTheThresholdSoThatTheTargetIsMet() throws Exception {
    List<Row> rows = rows();
    List<Row> learned = rows.subList(0, EVENTS);
    List<Row> rest = rows.subList(EVENTS, rows.size());
    try (FakeProvider provider = new FakeProvider(call -> call.completion("an answer", 3, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    FeedbackIT.models(provider),
                    new String[] {"iir.classify.refit-every=0s", "iir.classify.model=" + NONE}))) {
      List<String> before = all(learned, (row, i) -> learn(gateway, row, i));
      for (int i = 0; i < EVENTS; i++) {
        assertThat(before.get(i)).isEqualTo(i % 4 == 0 ? "p/strong" : "p/weak");
      }
      HttpResponse<String> fitted =
          gateway.send(
              gateway
                  .request("/api/v1/classifier/refit")
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build());
      assertThat(fitted.statusCode()).as(fitted.body()).isEqualTo(200);
      List<String> after = all(rest, (row, i) -> ask(gateway, "auto/cost", row).model());
      JsonNode pair = Gateway.json(fitted.body()).path("pairs").path(0);
      String table = table(pair, rest, after);
      Files.createDirectories(Path.of("target"));
      Files.writeString(Path.of("target/feedback.md"), table);
      assertThat(pair.path("events").path("weak").asInt()).isEqualTo(EVENTS * 3 / 4);
      assertThat(pair.path("events").path("strong").asInt()).isEqualTo(EVENTS / 4);
      assertThat(quality(rest, rest.stream().map(row -> "p/weak").toList()) / strong(rest))
          .isLessThan(TARGET);
      assertThat(quality(rest, after) / strong(rest)).as(table).isGreaterThanOrEqualTo(TARGET);
      assertThat(share(after)).as(table).isLessThan(1);
    }
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(OUTCOMES)) {
      JsonNode row = JSON.readTree(line);
      rows.add(
          new Row(
              row.path("prompt").asText(),
              row.path("weak").asDouble(),
              row.path("strong").asDouble()));
    }
    Collections.shuffle(rows, new Random(SEED));
    return rows;
  }

  private interface Step {
    String take(Row row, int place) throws Exception;
  }

  private static List<String> all(List<Row> rows, Step step) throws Exception {
    List<Future<String>> models = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int i = 0; i < rows.size(); i++) {
        int place = i;
        models.add(clients.submit(() -> step.take(rows.get(place), place)));
      }
    }
    List<String> found = new ArrayList<>();
    for (Future<String> model : models) {
      found.add(model.get());
    }
    return found;
  }

  private record Answered(String requestId, String model) {}

  private static Answered ask(Gateway gateway, String model, Row row) {
    ObjectNode body = JSON.createObjectNode().put("model", model);
    body.putArray("messages").addObject().put("role", "user").put("content", row.prompt());
    HttpResponse<String> answer = gateway.chat(body.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new Answered(
        answer.headers().firstValue("x-request-id").orElseThrow(),
        "p/" + answer.headers().firstValue("x-route-model").orElseThrow());
  }

  private static String learn(Gateway gateway, Row row, int place) {
    Answered answered = ask(gateway, place % 4 == 0 ? "p/strong" : "auto/cost", row);
    ObjectNode feedback =
        JSON.createObjectNode()
            .put("request_id", answered.requestId())
            .put("score", row.score(answered.model()));
    HttpResponse<String> taken =
        gateway.send(
            gateway
                .request("/v1/feedback")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(feedback.toString()))
                .build());
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    return answered.model();
  }

  private static double quality(List<Row> rows, List<String> models) {
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      sum += rows.get(i).score(models.get(i));
    }
    return sum / rows.size();
  }

  private static double strong(List<Row> rows) {
    return rows.stream().mapToDouble(Row::strong).average().orElseThrow();
  }

  private static double share(List<String> models) {
    return models.stream().filter("p/strong"::equals).count() / (double) models.size();
  }

  private static String table(JsonNode pair, List<Row> rest, List<String> after) {
    double weak = quality(rest, rest.stream().map(row -> "p/weak").toList());
    double strong = strong(rest);
    double routed = quality(rest, after);
    double share = share(after);
    double random = weak + share * (strong - weak);
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Feedback moves a threshold

        %,d events of %,d rows (seed %d); target: %.2f of the strong model's quality.

        | on the other %,d rows | before | after | at random, as many | strong alone |
        |---|---|---|---|---|
        """
            .formatted(EVENTS, EVENTS + rest.size(), SEED, TARGET, rest.size()));
    text.append("| threshold | none | %s | | |%n".formatted(pair.path("threshold").asText()));
    line(text, "share to the strong model", 0, share, share, 1);
    line(text, "quality (mean score)", weak, routed, random, strong);
    line(text, "quality kept", weak / strong, routed / strong, random / strong, 1);
    double gap = strong - weak;
    line(text, "gap recovered", 0, (routed - weak) / gap, (random - weak) / gap, 1);
    JsonNode expected = pair.path("expected");
    text.append(
        """

        Expected by the calibration: share %s, kept %s, of which %s is the reserve above the target.

        | share to the strong model | threshold | expected quality | kept | gap recovered |
        |---|---|---|---|---|
        """
            .formatted(
                expected.path("strong_share"),
                expected.path("quality_kept"),
                pair.path("reserve")));
    for (JsonNode point : pair.path("curve")) {
      text.append(
          "| %s | %s | %s | %s | %s |%n"
              .formatted(
                  point.path("strong_share"),
                  point.path("threshold"),
                  point.path("quality"),
                  point.path("quality_kept"),
                  point.path("gap_recovered")));
    }
    text.append(
        "\n| complexity | weak: events, score, expected | strong: the same |\n|---|---|---|\n");
    for (JsonNode bin : pair.path("bins")) {
      text.append(
          "| %s–%s | %s | %s |%n"
              .formatted(
                  bin.path("from"), bin.path("to"), of(bin.path("weak")), of(bin.path("strong"))));
    }
    return text.toString();
  }

  private static String of(JsonNode side) {
    return "%s, %s, %s".formatted(side.path("events"), side.path("score"), side.path("expected"));
  }

  private static void line(
      StringBuilder text, String name, double before, double after, double random, double strong) {
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %.3f | %.3f | %.3f | %.3f |%n",
            name,
            before,
            after,
            random,
            strong));
  }
}
