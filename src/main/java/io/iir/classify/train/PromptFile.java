package io.iir.classify.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.classify.Category;
import io.iir.classify.train.JsonLines.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files of labelled prompts, one JSON object a line: {@code prompt}, {@code category}, {@code
 * lang}, {@code lookalike}, and {@code source}, which is the file's name where it is missing.
 */
final class PromptFile {

  private static final List<String> CATEGORIES =
      Category.OF_TEXT.stream().map(Category::wireName).toList();
  private static final String ENDING = ".jsonl";

  private PromptFile() {}

  /**
   * All prompts of {@code path}, a file or a folder of files, in the order of their names.
   *
   * @throws IllegalArgumentException if a line is wrong; the message names file, line and field
   * @throws UncheckedIOException if something cannot be read
   */
  static List<Prompt> read(Path path) {
    if (!Files.isDirectory(path)) {
      return readFile(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING))
          .sorted()
          .map(PromptFile::readFile)
          .flatMap(List::stream)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<Prompt> readFile(Path file) {
    String name = String.valueOf(file.getFileName()).replace(ENDING, "");
    return JsonLines.of(file).stream().map(row -> prompt(row, name)).toList();
  }

  private static Prompt prompt(Row row, String file) {
    String text = text(row, "prompt", "");
    if (text.isBlank()) {
      throw wrong(row, "prompt", "is missing or blank");
    }
    String category = text(row, "category", "");
    if (!CATEGORIES.contains(category)) {
      throw wrong(row, "category", "is '%s', none of %s".formatted(category, CATEGORIES));
    }
    JsonNode lookalike = row.json().path("lookalike");
    if (!lookalike.isMissingNode() && !lookalike.isBoolean()) {
      throw wrong(row, "lookalike", "is neither true nor false");
    }
    return new Prompt(
        text,
        CATEGORIES.indexOf(category),
        text(row, "lang", "xx"),
        lookalike.asBoolean(),
        text(row, "source", file),
        row.json().has("source"));
  }

  private static String text(Row row, String field, String otherwise) {
    JsonNode value = row.json().path(field);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isTextual()) {
      throw wrong(row, field, "is no text");
    }
    return value.textValue();
  }

  private static IllegalArgumentException wrong(Row row, String field, String fault) {
    return new IllegalArgumentException("%s: %s %s.".formatted(row.place(), field, fault));
  }
}
