package io.iir.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.provider.ModelPattern;
import org.jspecify.annotations.Nullable;

/**
 * Which answers are meant: those that all of what is not null holds for.
 *
 * @param team the team of the key that asked for it
 * @param model the model that gave it, or a pattern of such
 * @param key the id of the key that asked for it
 */
public record CacheFilter(
    @Nullable String team, @Nullable ModelPattern model, @Nullable String key) {

  /** All answers. */
  public static final CacheFilter ALL = new CacheFilter(null, null, null);

  /** Where an announcement says how often answers were cleared. */
  static final String GENERATION = "generation";

  private static final JsonMapper JSON = new JsonMapper();

  /** Whether all answers are meant. */
  boolean isAll() {
    return team == null && model == null && key == null;
  }

  boolean matches(CachedAnswer answer) {
    return matches(answer.provider(), answer.model(), answer.keyId(), answer.team());
  }

  boolean matches(String provider, String name, String keyId, @Nullable String ofTeam) {
    return (team == null || team.equals(ofTeam))
        && (key == null || key.equals(keyId))
        && (model == null || model.matches(provider + "/" + name));
  }

  /** As a JSON object, for the audit log and for other gateways. */
  public ObjectNode toJson() {
    ObjectNode json = JSON.createObjectNode();
    if (team != null) {
      json.put("team", team);
    }
    if (model != null) {
      json.put("model", model.text());
    }
    if (key != null) {
      json.put("key", key);
    }
    return json;
  }

  /** What {@link #toJson} wrote, whatever else is in it; of anything else, all answers. */
  static CacheFilter of(String text) {
    JsonNode json = read(text);
    String model = json.path("model").asText("");
    return new CacheFilter(
        json.path("team").textValue(),
        model.isEmpty() ? null : new ModelPattern(model),
        json.path("key").textValue());
  }

  /** What the announcement {@code text} says of the state that it led to; -1: nothing. */
  static long generation(String text) {
    return read(text).path(GENERATION).asLong(-1);
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException notJson) {
      return JSON.createObjectNode();
    }
  }
}
