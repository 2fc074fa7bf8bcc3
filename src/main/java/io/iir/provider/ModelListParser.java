package io.iir.provider;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of models as servers give it: an object with {@code data}, or (Together) the bare
 * array. Anything else is not such a list, whoever sent it.
 */
final class ModelListParser {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelListParser() {}

  /**
   * The models in {@code body}, in its order, each once; names that cannot be passed on are left
   * out.
   *
   * @param idPrefix what is cut off the beginning of each id
   * @throws IOException if {@code body} is not a list of models, with a message that says why
   */
  static List<ListedModel> parse(byte[] body, String idPrefix) throws IOException {
    JsonNode list = data(body);
    Map<String, ListedModel> models = new LinkedHashMap<>();
    for (JsonNode entry : list) {
      JsonNode id = entry.path("id");
      if (!id.isTextual()) {
        throw new IOException("not a list of models: an entry has no id");
      }
      String text = id.textValue();
      String name = text.startsWith(idPrefix) ? text.substring(idPrefix.length()) : text;
      if (ModelName.isValid("x/" + name)) {
        models.putIfAbsent(
            name,
            new ListedModel(
                name, created(entry), entry.path("owned_by").asText(""), ListedFacts.of(entry)));
      }
    }
    return List.copyOf(models.values());
  }

  private static JsonNode data(byte[] body) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JacksonException e) {
      throw new IOException("not JSON", e);
    }
    JsonNode list = root.isArray() ? root : root.path("data");
    if (!list.isArray()) {
      throw new IOException("not a list of models: no data");
    }
    return list;
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
