package io.iir.classify.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.classify.Category;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files of labelled prompts, one JSON object a line: {@code prompt}, {@code category}, {@code
 * lang}, {@code lookalike}, and {@code source}, which is the file's name where it is missing.
 */
final class PromptFile {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> CATEGORIES =
      Category.OF_TEXT.stream().map(Category::wireName).toList();
  private static final String ENDING = ".jsonl";

  private PromptFile() {}

  /**
   * All prompts of {@code path}, a file or a folder of files, in the order of their names.
   *
   * @throws IllegalArgumentException if a line is wrong; the message names file, line and fault
   * @throws UncheckedIOException if something cannot be read
   */
  static List<Prompt> read(Path path) {
    try {
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
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<Prompt> readFile(Path file) {
    List<Prompt> prompts = new ArrayList<>();
    try {
      String name = file.getFileName().toString().replace(ENDING, "");
      for (String line : Files.readAllLines(file)) {
        prompts.add(prompt(line, name, file + ":" + (prompts.size() + 1)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
    return prompts;
  }

  private static Prompt prompt(String line, String file, String place) {
    JsonNode row;
    try {
      row = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(place + ": no JSON: " + e.getOriginalMessage(), e);
    }
    String text = row.path("prompt").asText();
    int category = CATEGORIES.indexOf(row.path("category").asText());
    if (text.isBlank() || category < 0) {
      throw new IllegalArgumentException(
          "%s: needs a prompt, and a category of %s.".formatted(place, CATEGORIES));
    }
    return new Prompt(
        text,
        category,
        row.path("lang").asText("xx"),
        row.path("lookalike").asBoolean(),
        row.path("source").asText(file));
  }
}
