package io.iir.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.config.StartException;
import io.iir.provider.DirectoryJson;
import io.iir.provider.ModelPattern;
import io.iir.provider.ProviderDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decisions with what it takes to decide them once more elsewhere. As text it is lines of JSON: the
 * first holds what is on offer, {@code {"type":"models",…}} as {@link DirectoryJson} has it with
 * the {@code headers} that rules may read, the others a decision each, as {@link DecisionJson} has
 * it.
 *
 * @param directory what is on offer
 * @param headers the request headers that rules may read, in lower case
 * @param records the decisions, the oldest first
 */
public record DecisionExport(
    ProviderDirectory directory, Set<String> headers, List<DecisionRecord> records) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final String TYPE = "type";
  private static final String MODELS = "models";
  private static final String HEADERS = "headers";

  public DecisionExport {
    headers = Set.copyOf(headers);
    records = List.copyOf(records);
  }

  /** Writes the lines, in UTF-8. */
  public void write(OutputStream out) throws IOException {
    ObjectNode first = JSON.createObjectNode().put(TYPE, MODELS);
    ArrayNode readable = first.putArray(HEADERS);
    new TreeSet<>(headers).forEach(readable::add);
    first.setAll(DirectoryJson.write(directory));
    line(first, out);
    for (DecisionRecord record : records) {
      line(DecisionJson.write(record), out);
    }
  }

  private static void line(ObjectNode view, OutputStream out) throws IOException {
    out.write(JSON.writeValueAsBytes(view));
    out.write('\n');
  }

  /**
   * What {@code lines} hold; empty ones do not count.
   *
   * @throws IllegalArgumentException saying which line is wrong, and what is wrong with it
   */
  public static DecisionExport read(Iterator<String> lines) {
    if (!lines.hasNext()) {
      throw new IllegalArgumentException("is empty");
    }
    int number = 1;
    try {
      JsonNode first = models(lines.next());
      ProviderDirectory directory = DirectoryJson.read(first);
      Set<String> headers = new TreeSet<>();
      first.path(HEADERS).forEach(header -> headers.add(header.asText()));
      List<DecisionRecord> records = new ArrayList<>();
      while (lines.hasNext()) {
        String line = lines.next();
        number++;
        if (!line.isBlank()) {
          records.add(record(line));
        }
      }
      return new DecisionExport(directory, headers, records);
    } catch (IllegalArgumentException | DateTimeException | StartException e) {
      throw new IllegalArgumentException("line %d %s".formatted(number, e.getMessage()), e);
    }
  }

  private static JsonNode models(String line) {
    JsonNode first;
    try {
      first = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!first.path(TYPE).asText().equals(MODELS)) {
      throw new IllegalArgumentException("does not hold the models on offer, as a first line does");
    }
    return first;
  }

  private static DecisionRecord record(String line) {
    DecisionRecord record = DecisionJson.read(line);
    for (ModelPattern pattern : record.allowed()) {
      if (!ModelPattern.isValid(pattern.text())) {
        throw new IllegalArgumentException(
            "allows '%s', which means no models".formatted(pattern.text()));
      }
    }
    return record;
  }
}
