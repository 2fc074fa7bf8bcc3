package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.Capability;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what is said of one model. Of several places that tell a number the first that makes
 * sense counts; what is not said, or not in a form known here, stays unknown. For one thread.
 */
final class FactCollector {

  private final EnumSet<Capability> can = EnumSet.noneOf(Capability.class);
  private final EnumSet<Capability> cannot = EnumSet.noneOf(Capability.class);
  private Set<String> inputs = Set.of();
  private Set<String> outputs = Set.of();
  private @Nullable Integer context;
  private @Nullable Integer maxOutput;
  private @Nullable Price price;
  private @Nullable LocalDate deprecated;
  private @Nullable String quantization;

  /** Its context is in one of {@code places}. */
  FactCollector context(JsonNode... places) {
    context = context == null ? count(places) : context;
    return this;
  }

  /** The longest answer is in one of {@code places}. */
  FactCollector maxOutput(JsonNode... places) {
    maxOutput = maxOutput == null ? count(places) : maxOutput;
    return this;
  }

  FactCollector price(@Nullable Price told) {
    price = price == null ? told : price;
    return this;
  }

  /** Whether it can is as {@code does} says; what was said before stands. */
  FactCollector says(Capability capability, boolean does) {
    if (!can.contains(capability) && !cannot.contains(capability)) {
      (does ? can : cannot).add(capability);
    }
    return this;
  }

  /** Whether it can is as {@code flag} says, if that is a truth value. */
  FactCollector says(Capability capability, JsonNode flag) {
    return flag.isBoolean() ? says(capability, flag.booleanValue()) : this;
  }

  /** It writes text, unless {@code name} tells that it is for something else. */
  FactCollector chats(String name) {
    return OperationModels.isOther(name) ? this : says(Capability.CHAT, true);
  }

  /** It reads {@code words}, if there are any: that is all that it reads. */
  FactCollector inputs(Set<String> words) {
    if (!words.isEmpty() && inputs.isEmpty()) {
      inputs = words;
      says(Capability.IMAGES, words.contains("image"));
    }
    return this;
  }

  /** It writes {@code words}, if there are any: without text among them it cannot chat. */
  FactCollector outputs(Set<String> words) {
    if (!words.isEmpty() && outputs.isEmpty()) {
      outputs = words;
      if (!words.contains("text")) {
        says(Capability.CHAT, false);
      }
      if (words.contains("embedding") || words.contains("embeddings")) {
        says(Capability.EMBEDDINGS, true);
      }
    }
    return this;
  }

  /** It ends on the day with which the text at {@code place} begins. */
  FactCollector deprecated(JsonNode place) {
    String text = place.asText("");
    if (deprecated == null && text.length() >= 10) {
      try {
        deprecated = LocalDate.parse(text.substring(0, 10));
      } catch (DateTimeException e) {
        deprecated = null;
      }
    }
    return this;
  }

  /** Its weights are kept as the text at {@code place} says. */
  FactCollector quantization(JsonNode place) {
    String text = place.asText("");
    return quantization(text.isBlank() || text.length() > 30 ? null : text.strip());
  }

  FactCollector quantization(@Nullable String told) {
    quantization = quantization == null ? told : quantization;
    return this;
  }

  ModelFacts facts() {
    return new ModelFacts(
        context,
        maxOutput,
        price,
        null,
        can,
        cannot,
        new About(null, inputs, outputs, deprecated, quantization));
  }

  /** The texts in {@code list}, in small letters; none if it is no list. */
  static Set<String> words(JsonNode list) {
    Set<String> words = new HashSet<>();
    if (list.isArray()) {
      for (JsonNode each : list) {
        if (each.isTextual() && each.textValue().length() <= 30) {
          words.add(each.textValue().toLowerCase(Locale.ROOT));
        }
      }
    }
    return words;
  }

  private static @Nullable Integer count(JsonNode... places) {
    for (JsonNode place : places) {
      if (place.canConvertToInt() && place.intValue() > 0) {
        return place.intValue();
      }
    }
    return null;
  }
}
