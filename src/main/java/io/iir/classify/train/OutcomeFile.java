package io.iir.classify.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

  private static final ObjectMapper JSON = new ObjectMapper();

  private OutcomeFile() {}

  /**
   * All outcomes of {@code file}.
   *
   * @throws IllegalArgumentException if a line is wrong; the message names file, line and fault
   * @throws UncheckedIOException if it cannot be read
   */
  static List<Outcome> read(Path file) {
    List<JsonNode> rows = rows(file);
    List<String> models = ranked(rows);
    List<Outcome> outcomes = new ArrayList<>();
    for (JsonNode row : rows) {
      String place = file + ":" + (outcomes.size() + 1);
      outcomes.add(row.has("scores") ? ofScores(row, models, place) : ofPair(row, place));
    }
    return outcomes;
  }

  private static List<JsonNode> rows(Path file) {
    List<JsonNode> rows = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        rows.add(JSON.readTree(line));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s:%d: no JSON: %s".formatted(file, rows.size() + 1, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
    return rows;
  }

  /** The models of all scores, the weakest first. */
  private static List<String> ranked(List<JsonNode> rows) {
    Map<String, Double> sums = new TreeMap<>();
    for (JsonNode row : rows) {
      row.path("scores")
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
