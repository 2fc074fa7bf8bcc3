package io.iir.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Measures the classifier on labelled prompts and holds it to floors. The cues were written while
 * looking at 70 of 100 prompts, told apart by a hash of their ids; the floors are for the others.
 */
@Tag("shared-data")
class ClassifierAccuracyTest {

  private static final Path PROMPTS = Path.of("../shared/data/prompts-by-category.jsonl");

  private static final List<Category> CATEGORIES = Category.OF_TEXT;

  private static final double ACCURACY_FLOOR = 0.855;

  private static final Map<Category, Double> RECALL_FLOORS =
      Map.of(
          Category.SIMPLE_CHAT, 0.86,
          Category.GENERAL_CHAT, 0.895,
          Category.CODING, 0.80,
          Category.ANALYSIS, 0.85,
          Category.CREATIVE_WRITING, 0.73,
          Category.SUMMARIZATION, 0.94,
          Category.TRANSLATION, 0.945,
          Category.MATH, 0.78);

  private static List<Labelled> prompts;

  private record Labelled(Category told, Category label, boolean lookalike, boolean heldBack) {}

  @BeforeAll
  static void classifyAll() throws IOException {
    Classifier classifier = new Classifier();
    ObjectMapper json = new ObjectMapper();
    prompts = new ArrayList<>();
    for (String line : Files.readAllLines(PROMPTS)) {
      JsonNode row = json.readTree(line);
      Category label =
          CATEGORIES.stream()
              .filter(c -> c.wireName().equals(row.get("category").asText()))
              .findFirst()
              .orElseThrow();
      Category told =
          classifier.classify(row.get("prompt").asText(), RequestShape.PLAIN).category();
      prompts.add(
          new Labelled(
              told, label, row.get("lookalike").asBoolean(), heldBack(row.get("id").asText())));
    }
  }

  @Test
  void holdsItsAccuracyOnHeldBackPrompts() {
    Confusion confusion = Confusion.of(Labelled::heldBack);
    System.out.println(confusion.table("held back"));
    assertThat(confusion.accuracy()).isGreaterThan(ACCURACY_FLOOR);
    RECALL_FLOORS.forEach((category, floor) ->
        assertThat(confusion.recall(category)).as("recall of %s", category).isGreaterThan(floor));
  }

  @Test
  void isNoWorseOnThePromptsItWasWrittenWith() {
    Confusion confusion = Confusion.of(p -> !p.heldBack());
    System.out.println(confusion.table("development"));
    assertThat(confusion.accuracy()).isGreaterThan(ACCURACY_FLOOR);
  }

  @Test
  void tellsLookalikes() {
    Confusion confusion = Confusion.of(Labelled::lookalike);
    System.out.println(confusion.table("lookalikes, development and held back"));
    assertThat(confusion.accuracy()).isGreaterThan(0.8);
  }

  private static boolean heldBack(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.fromHexDigitsToLong(HexFormat.of().formatHex(hash, 0, 4)) % 100 >= 70;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Counts by label (row) and answer (column). */
  private static final class Confusion {

    private final int[][] counts;

    private Confusion(int[][] counts) {
      this.counts = counts;
    }

    static Confusion of(Predicate<Labelled> chosen) {
      int[][] counts = new int[CATEGORIES.size()][CATEGORIES.size()];
      prompts.stream()
          .filter(chosen)
          .forEach(p -> counts[CATEGORIES.indexOf(p.label())][CATEGORIES.indexOf(p.told())]++);
      return new Confusion(counts);
    }

    double accuracy() {
      int right = 0;
      for (int i = 0; i < counts.length; i++) {
        right += counts[i][i];
      }
      return (double) right / Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
    }

    double recall(Category category) {
      int[] row = counts[CATEGORIES.indexOf(category)];
      return (double) row[CATEGORIES.indexOf(category)] / Math.max(1, Arrays.stream(row).sum());
    }

    double precision(Category category) {
      int column = CATEGORIES.indexOf(category);
      int told = Arrays.stream(counts).mapToInt(row -> row[column]).sum();
      return (double) counts[column][column] / Math.max(1, told);
    }

    double f1(Category category) {
      double sum = recall(category) + precision(category);
      return sum == 0 ? 0 : 2 * recall(category) * precision(category) / sum;
    }

    String table(String name) {
      StringBuilder table = new StringBuilder();
      table.append(
          "%s: %d prompts, accuracy %.3f, macro-F1 %.3f%n"
              .formatted(
                  name,
                  Arrays.stream(counts).flatMapToInt(Arrays::stream).sum(),
                  accuracy(),
                  CATEGORIES.stream().mapToDouble(this::f1).average().orElse(0)));
      table.append("%-17s recall  prec.   told as, in the order of the rows%n".formatted(""));
      for (Category category : CATEGORIES) {
        table.append(
            "%-17s %.3f   %.3f  "
                .formatted(category.wireName(), recall(category), precision(category)));
        for (int count : counts[CATEGORIES.indexOf(category)]) {
          table.append(" %4d".formatted(count));
        }
        table.append('\n');
      }
      return table.toString();
    }
  }
}
