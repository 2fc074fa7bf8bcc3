package io.iir.provider;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A property of models that conditions compare with a number. */
enum NumberProperty {
  /** 0 to 1. */
  QUALITY(Unit.SHARE),
  /** USD a million tokens, of which three in four are the prompt's. */
  PRICE(Unit.USD),
  /** USD a million tokens of prompts. */
  INPUT_PRICE(Unit.USD),
  /** USD a million tokens of answers. */
  OUTPUT_PRICE(Unit.USD),
  /** Tokens of prompt and answer together. */
  CONTEXT(Unit.TOKENS),
  /** Tokens of an answer. */
  MAX_OUTPUT(Unit.TOKENS);

  /** What it is counted in. */
  enum Unit {
    SHARE,
    USD,
    TOKENS
  }

  private final Unit unit;

  NumberProperty(Unit unit) {
    this.unit = unit;
  }

  Unit unit() {
    return unit;
  }

  /** Its value for {@code model}; NaN: unknown. */
  double of(Candidate model) {
    Price price = model.facts().price();
    return switch (this) {
      case QUALITY -> model.quality();
      case PRICE -> model.price();
      case INPUT_PRICE -> price == null ? Double.NaN : price.input().doubleValue();
      case OUTPUT_PRICE -> price == null ? Double.NaN : price.output().doubleValue();
      case CONTEXT -> count(model.facts().context());
      case MAX_OUTPUT -> count(model.facts().maxOutput());
    };
  }

  /** The name as rules write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static @Nullable NumberProperty named(String word) {
    for (NumberProperty property : values()) {
      if (property.word().equals(word)) {
        return property;
      }
    }
    return null;
  }

  private static double count(@Nullable Integer tokens) {
    return tokens == null ? Double.NaN : tokens;
  }
}
