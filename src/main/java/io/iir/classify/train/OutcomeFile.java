package io.iir.classify.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.classify.train.JsonLines.Row;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files of questions and how well models answered them, one JSON object a line: {@code prompt}, and
 * either {@code weak}, {@code strong}, {@code set} and perhaps {@code subject}, or {@code task} and
 * {@code scores}, an object of at least three models' scores. Of scores the weak one is the mean of
 * the weaker third of models and the strong one that of the stronger third, as they rank by their
 * sums over the file.
 */
final class OutcomeFile {

  private OutcomeFile() {}

  /**
   * All outcomes of {@code file}.
   *
   * @throws IllegalArgumentException if a line is wrong; the message names file, line and fault
   * @throws UncheckedIOException if it cannot be read
   */
  static List<Outcome> read(Path file) {
    List<Row> rows = JsonLines.of(file);
    List<String> models = ranked(rows);
    return rows.stream()
        .map(row ->
            row.json().has("scores")
                ? ofScores(row.json(), models, row.place())
                : ofPair(row.json(), row.place()))
        .toList();
  }

  /** The models of all scores, the weakest first. */
  private static List<String> ranked(List<Row> rows) {
    Map<String, Double> sums = new TreeMap<>();
    for (Row row : rows) {
      row.json()
          .path("scores")
          .properties()
          .forEach(score -> sums.merge(score.getKey(), score.getValue().asDouble(), Double::sum));
    }
    List<String> models = new ArrayList<>(sums.keySet());
    models.sort(Comparator.comparing(sums::get));
    return models;
  }

  private static Outcome ofScores(JsonNode row, List<String> models, String place) {
    String text = row.path("prompt").asText();
    String task = row.path("task").asText();
    int third = models.size() / 3;
    if (text.isBlank() || task.isBlank() || third == 0) {
      throw new IllegalArgumentException(
          place + ": needs a prompt, a task, and scores of three models or more.");
    }
    double weak = mean(row.path("scores"), models.subList(0, third));
    double strong = mean(row.path("scores"), models.subList(models.size() - third, models.size()));
    return new Outcome(text, task, task, weak, strong, false);
  }

  private static double mean(JsonNode scores, List<String> models) {
    double sum = 0;
    for (String model : models) {
      sum += scores.path(model).asDouble();
    }
    return sum / models.size();
  }

  private static Outcome ofPair(JsonNode row, String place) {
    String text = row.path("prompt").asText();
    String set = row.path("set").asText();
    JsonNode weak = row.path("weak");
    JsonNode strong = row.path("strong");
    if (text.isBlank() || set.isBlank() || !share(weak) || !share(strong)) {
      throw new IllegalArgumentException(
          place + ": needs a prompt, a set, and weak and strong from 0 to 1, or scores.");
    }
    String subject = row.path("subject").asText();
    return new Outcome(
        text, set, subject.isEmpty() ? set : subject, weak.asDouble(), strong.asDouble(), true);
  }

  private static boolean share(JsonNode number) {
    return number.isNumber() && number.asDouble() >= 0 && number.asDouble() <= 1;
  }
}
