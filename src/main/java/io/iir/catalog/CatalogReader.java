package io.iir.catalog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code catalog/models.yaml}, strictly: what it does not understand ends the reading. */
final class CatalogReader {

  private static final YAMLMapper YAML = mapper();

  private CatalogReader() {}

  /**
   * The models that {@code text} lists, in its order.
   *
   * @param file its name, for messages
   * @throws CatalogException naming the entry that is wrong
   */
  static List<CatalogModel> read(String file, String text) {
    JsonNode root;
    try {
      root = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CatalogException("%s is not YAML: %s".formatted(file, e.getOriginalMessage()), e);
    }
    if (root.size() != 1 || !root.path("models").isArray()) {
      throw new CatalogException(
          "%s must have one list, 'models', and nothing beside it.".formatted(file));
    }
    List<Entry> entries = new ArrayList<>();
    List<CatalogModel> models = new ArrayList<>();
    Map<String, CatalogModel> byId = new HashMap<>();
    for (JsonNode node : root.path("models")) {
      String where =
          "%s, entry %d ('%s')".formatted(file, models.size() + 1, node.path("id").asText("no id"));
      Entry entry = entry(where, node);
      CatalogModel model = model(where, entry);
      if (byId.putIfAbsent(model.id(), model) != null) {
        throw new CatalogException("%s: the id is given twice.".formatted(where));
      }
      entries.add(entry);
      models.add(model);
    }
    for (int i = 0; i < models.size(); i++) {
      String serves = entries.get(i).serves();
      if (serves != null) {
        String where = "%s, entry %d ('%s')".formatted(file, i + 1, models.get(i).id());
        models.set(i, serving(where, models.get(i), byId.get(serves), serves));
      }
    }
    return List.copyOf(models);
  }

  private static Entry entry(String where, JsonNode node) {
    try {
      return YAML.treeToValue(node, Entry.class);
    } catch (JsonProcessingException e) {
      throw new CatalogException("%s: %s".formatted(where, e.getOriginalMessage()), e);
    }
  }

  private static CatalogModel model(String where, Entry entry) {
    try {
      return entry.model();
    } catch (IllegalArgumentException e) {
      throw new CatalogException("%s: %s.".formatted(where, e.getMessage()), e);
    }
  }

  /** A hosted model is as good, and can do as much, as the open weights that it serves. */
  private static CatalogModel serving(
      String where, CatalogModel hosted, @Nullable CatalogModel open, String name) {
    if (open == null || open.weights() == null) {
      throw new CatalogException(
          "%s: serves '%s', which is no entry with open weights.".formatted(where, name));
    }
    return new CatalogModel(
        hosted.id(),
        hosted.names(),
        hosted.facts().over(open.facts().ofVariant()),
        null,
        hosted.source(),
        hosted.asOf());
  }

  private static YAMLMapper mapper() {
    YAMLMapper mapper =
        YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();
    mapper
        .coercionConfigFor(LogicalType.Integer)
        .setCoercion(CoercionInputShape.String, CoercionAction.Fail);
    mapper
        .coercionConfigFor(LogicalType.Float)
        .setCoercion(CoercionInputShape.String, CoercionAction.Fail);
    return mapper;
  }
}
