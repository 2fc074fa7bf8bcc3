package io.iir.classify.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.classify.Category;
import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.RequestShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What a classifier says of prompts whose words point at another category, in Markdown. */
final class Lookalikes {

  private static final String FILE = "/classify/lookalikes.jsonl";

  private Lookalikes() {}

  /**
   * A prompt of the list.
   *
   * @param prompt what is asked
   * @param category what it asks for
   * @param looksLike what its words point at
   */
  record Lookalike(String prompt, String category, String looksLike) {}

  /** The list, which is for this report alone: nothing is trained on it. */
  static List<Lookalike> list() {
    try (InputStream in = Lookalikes.class.getResourceAsStream(FILE)) {
      byte[] bytes = Objects.requireNonNull(in, FILE).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().map(Lookalikes::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Lookalike of(String line) {
    try {
      JsonNode row = new ObjectMapper().readTree(line);
      return new Lookalike(
          row.path("prompt").asText(),
          row.path("category").asText(),
          row.path("looks_like").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A table of all, and how many are right. */
  static String report(Classifier classifier) {
    StringBuilder rows = new StringBuilder();
    int right = 0;
    List<Lookalike> all = list();
    for (Lookalike one : all) {
      Classification told = classifier.classify(one.prompt(), RequestShape.PLAIN);
      boolean correct = told.category() == Category.ofText(one.category());
      right += correct ? 1 : 0;
      rows.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %.2f | %s |%n",
              one.prompt().replace("|", "\\|"),
              one.looksLike(),
              one.category(),
              told.category().wireName(),
              told.confidence(),
              correct ? "right" : "**wrong**"));
    }
    return """
    ## Lookalikes
    %d prompts whose words point at another category than they ask for, written for this table and not trained on: %d right.

    | prompt | looks like | is | told | confidence | |
    |---|---|---|---|---|---|
    %s
    """
        .formatted(all.size(), right, rows);
  }
}
