package io.iir.classify.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of one JSON object a line, in UTF-8. */
final class JsonLines {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonLines() {}

  /**
   * A line.
   *
   * @param place its file and number, for messages
   * @param json what it says
   */
  record Row(String place, JsonNode json) {}

  /**
   * All lines of {@code file}.
   *
   * @throws IllegalArgumentException if one is no JSON; the message names file, line and fault
   * @throws UncheckedIOException if it is not there or cannot be read
   */
  static List<Row> of(Path file) {
    List<Row> rows = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        String place = file + ":" + (rows.size() + 1);
        rows.add(new Row(place, json(line, place)));
      }
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException("There is no file " + file + ".", e);
    } catch (CharacterCodingException e) {
      throw new UncheckedIOException(file + " is no text in UTF-8.", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
    return rows;
  }

  private static JsonNode json(String line, String place) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(place + ": no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
