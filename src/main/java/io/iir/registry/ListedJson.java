package io.iir.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.config.Capability;
import io.iir.provider.About;
import io.iir.provider.ListedModel;
import io.iir.provider.ModelFacts;
import io.iir.provider.Price;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a provider itself says of a model, as JSON: what a restart makes its list of again. What is
 * not known is not there. Stateless.
 */
final class ListedJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ListedJson() {}

  /** {@code model} but for its name. */
  static String write(ListedModel model) {
    ModelFacts facts = model.facts();
    ObjectNode view = JSON.createObjectNode();
    view.put("created", model.created());
    view.put("owned_by", model.ownedBy());
    view.put("context", facts.context());
    view.put("max_output", facts.maxOutput());
    Price price = facts.price();
    if (price != null) {
      view.put("price_input", price.input().toPlainString());
      view.put("price_output", price.output().toPlainString());
    }
    view.put("quality", facts.quality());
    view.set("can", array(facts.can().stream().map(Capability::word).toList()));
    view.set("cannot", array(facts.cannot().stream().map(Capability::word).toList()));
    About about = facts.about();
    view.put("quality_source", about.qualitySource());
    view.set("inputs", array(about.inputs()));
    view.set("outputs", array(about.outputs()));
    view.put("deprecated", about.deprecated() == null ? null : about.deprecated().toString());
    view.put("quantization", about.quantization());
    view.properties().removeIf(field -> field.getValue().isNull());
    return view.toString();
  }

  /** The model {@code name} of which {@code json} is told; null if that is not understood. */
  static @Nullable ListedModel read(String name, String json) {
    try {
      JsonNode view = JSON.readTree(json);
      if (!view.isObject()) {
        return null;
      }
      JsonNode quality = view.path("quality");
      String deprecated = text(view.path("deprecated"));
      return new ListedModel(
          name,
          view.path("created").asLong(),
          view.path("owned_by").asText(),
          new ModelFacts(
              count(view.path("context")),
              count(view.path("max_output")),
              price(view),
              quality.isNumber() ? quality.doubleValue() : null,
              capabilities(view.path("can")),
              capabilities(view.path("cannot")),
              new About(
                  text(view.path("quality_source")),
                  texts(view.path("inputs")),
                  texts(view.path("outputs")),
                  deprecated == null ? null : LocalDate.parse(deprecated),
                  text(view.path("quantization")))));
    } catch (JsonProcessingException | RuntimeException e) {
      return null;
    }
  }

  /** Capabilities as a JSON array of their words. */
  static String words(Collection<Capability> some) {
    return array(some.stream().map(Capability::word).toList()).toString();
  }

  /** A JSON array of {@code some}. */
  static String texts(Collection<String> some) {
    return array(some).toString();
  }

  private static ArrayNode array(Collection<String> some) {
    ArrayNode array = JSON.createArrayNode();
    some.forEach(array::add);
    return array;
  }

  private static @Nullable Price price(JsonNode view) {
    String input = text(view.path("price_input"));
    String output = text(view.path("price_output"));
    return input == null || output == null
        ? null
        : new Price(new BigDecimal(input), new BigDecimal(output));
  }

  private static @Nullable Integer count(JsonNode number) {
    return number.canConvertToInt() ? number.intValue() : null;
  }

  private static @Nullable String text(JsonNode text) {
    return text.isTextual() ? text.textValue() : null;
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> all = new LinkedHashSet<>();
    array.forEach(each -> all.add(each.asText()));
    return all;
  }

  /** A word that is not known any more is left out. */
  private static Set<Capability> capabilities(JsonNode words) {
    Set<Capability> all = EnumSet.noneOf(Capability.class);
    Set<String> given = texts(words);
    for (Capability capability : Capability.values()) {
      if (given.contains(capability.word())) {
        all.add(capability);
      }
    }
    return all;
  }
}
