package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of models as OpenAI gives it and most others do: an object with {@code data}, or
 * (Together) the bare array. Anything else is not such a list, whoever sent it.
 */
final class ModelListParser {

  private ModelListParser() {}

  /** More entries than any provider has models by far, and few enough to keep. */
  private static final int MOST = 20_000;

  /**
   * The entries of the list {@code root}, of which Ollama without a model says that it is null.
   *
   * @throws IOException if it is no list of models, with a message that says why
   */
  static List<JsonNode> entriesOrNone(JsonNode root) throws IOException {
    return root.path("data").isNull() ? List.of() : entries(root);
  }

  /**
   * The entries of the list {@code root}.
   *
   * @throws IOException if it is no list of models, with a message that says why
   */
  static List<JsonNode> entries(JsonNode root) throws IOException {
    return entries(root.isArray() ? root : root.path("data"), "data", "id");
  }

  /** The objects in {@code list}, named {@code what}, of which each has a text {@code id}. */
  static List<JsonNode> entries(JsonNode list, String what, String id) throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    if (!list.isArray()) {
      throw new IOException("not a list of models: no " + what);
    }
    checkSize(list.size());
    for (JsonNode entry : list) {
      if (!entry.path(id).isTextual()) {
        throw new IOException("not a list of models: an entry has no " + id);
      }
      entries.add(entry);
    }
    return entries;
  }

  private static void checkSize(int entries) throws IOException {
    if (entries > MOST) {
      throw new IOException("lists more than %d models".formatted(MOST));
    }
  }

  /**
   * The models of {@code entries}, in their order, each once; names that cannot be passed on are
   * left out.
   *
   * @param facts what an entry says of its model
   * @throws IOException if they are too many, as those of several pages may be
   */
  static List<ListedModel> models(List<JsonNode> entries, Function<JsonNode, ModelFacts> facts)
      throws IOException {
    return models(entries, "id", "", facts);
  }

  /**
   * As above.
   *
   * @param id where an entry has the model's name
   * @param prefix what is cut off the beginning of each name
   */
  static List<ListedModel> models(
      List<JsonNode> entries, String id, String prefix, Function<JsonNode, ModelFacts> facts)
      throws IOException {
    checkSize(entries.size());
    Map<String, ListedModel> models = new LinkedHashMap<>();
    for (JsonNode entry : entries) {
      String text = entry.path(id).asText();
      String name = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
      if (ModelName.isValid("x/" + name)) {
        models.putIfAbsent(
            name,
            new ListedModel(
                name, created(entry), entry.path("owned_by").asText(""), facts.apply(entry)));
      }
    }
    return List.copyOf(models.values());
  }

  private static long created(JsonNode entry) {
    JsonNode created = entry.path("created");
    if (created.canConvertToLong() && created.longValue() > 0) {
      return created.longValue();
    }
    Instant at = instant(entry.path("created_at").textValue()); // Anthropic
    return at == null ? 0 : Math.max(0, at.getEpochSecond());
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
