package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.config.Capability;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One model of a {@link DirectoryJson}; what is not known is not there. Stateless. */
final class ModelJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelJson() {}

  /** {@code model}, with how fast it has been by {@code traffic}. */
  static ObjectNode write(Model model, ModelTraffic traffic) {
    ObjectNode view = JSON.createObjectNode();
    ModelFacts facts = model.facts();
    view.put("id", model.id());
    view.put("upstream", model.upstream());
    view.put("state", model.state().word());
    if (facts.context() != null) {
      view.put("context", facts.context());
    }
    if (facts.maxOutput() != null) {
      view.put("max_output", facts.maxOutput());
    }
    Price price = facts.price();
    if (price != null) {
      view.putObject("price").put("input", price.input()).put("output", price.output());
    }
    if (facts.quality() != null) {
      view.put("quality", facts.quality());
    }
    LocalDate deprecated = facts.about().deprecated();
    if (deprecated != null) {
      view.put("deprecated", deprecated.toString());
    }
    words(view, "can", facts.can());
    words(view, "cannot", facts.cannot());
    Speed speed = traffic.of(known(model)).speed();
    if (speed != null) {
      number(view, "first_token_nanos", speed.firstTokenNanos());
      number(view, "tokens_per_second", speed.tokensPerSecond());
    }
    return view;
  }

  /** The name that the traffic of {@code model} goes by. */
  private static ModelName known(Model model) {
    return switch (model.state()) {
      case STOPPED, LOADING, READY, FAILED -> model.name();
      default -> new ModelName(model.provider(), model.upstream());
    };
  }

  private static void words(ObjectNode view, String name, Set<Capability> some) {
    if (!some.isEmpty()) {
      ArrayNode words = view.putArray(name);
      some.forEach(capability -> words.add(capability.word()));
    }
  }

  private static void number(ObjectNode view, String name, double value) {
    if (!Double.isNaN(value)) {
      view.put(name, value);
    }
  }

  /** The model that {@code view} holds; how fast it has been is noted in {@code traffic}. */
  static Model read(JsonNode view, String provider, ModelTraffic traffic) {
    String id = view.path("id").asText();
    if (!ModelName.isValid(id) || !id.startsWith(provider + "/")) {
      throw new IllegalArgumentException(
          "lists '%s', which is no model of the provider '%s'".formatted(id, provider));
    }
    String own = id.substring(provider.length() + 1);
    String upstream = view.path("upstream").asText(own);
    if (view.has("first_token_nanos") || view.has("tokens_per_second")) {
      traffic
          .of(new ModelName(provider, upstream))
          .measured(
              new Speed.Sample(
                  view.path("first_token_nanos").asDouble(Double.NaN),
                  view.path("tokens_per_second").asDouble(Double.NaN)));
    }
    return new Model(
        id, provider, upstream, 0, provider, state(view.path("state").asText()), facts(view));
  }

  private static Model.State state(String word) {
    return Arrays.stream(Model.State.values())
        .filter(state -> state.word().equals(word))
        .findFirst()
        .orElse(Model.State.CONFIGURED);
  }

  private static ModelFacts facts(JsonNode view) {
    JsonNode price = view.path("price");
    JsonNode quality = view.path("quality");
    return new ModelFacts(
        count(view.path("context")),
        count(view.path("max_output")),
        price.isObject()
            ? new Price(price.path("input").decimalValue(), price.path("output").decimalValue())
            : null,
        quality.isNumber() ? quality.doubleValue() : null,
        capabilities(view.path("can")),
        capabilities(view.path("cannot")),
        new About(null, Set.of(), Set.of(), date(view.path("deprecated")), null));
  }

  private static @Nullable LocalDate date(JsonNode text) {
    try {
      return text.isTextual() ? LocalDate.parse(text.textValue()) : null;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "has the date '%s', which is none".formatted(text.textValue()), e);
    }
  }

  private static @Nullable Integer count(JsonNode number) {
    return number.canConvertToInt() ? number.intValue() : null;
  }

  private static Set<Capability> capabilities(JsonNode words) {
    Set<Capability> all = EnumSet.noneOf(Capability.class);
    for (JsonNode word : words) {
      try {
        all.add(Capability.valueOf(word.asText().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "names the unknown capability '%s'".formatted(word.asText()), e);
      }
    }
    return Collections.unmodifiableSet(all);
  }
}
