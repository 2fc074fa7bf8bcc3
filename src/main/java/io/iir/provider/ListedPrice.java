package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Reads the prices in lists of models, which come in two forms. */
final class ListedPrice {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  private ListedPrice() {}

  /** The price that {@code pricing} tells in one of the two, or null. */
  static @Nullable Price of(JsonNode pricing) {
    Price price = perToken(pricing);
    return price == null ? perMillion(pricing) : price;
  }

  /** OpenRouter's: USD a token, as text; below zero means "depends". */
  static @Nullable Price perToken(JsonNode pricing) {
    BigDecimal input = amount(pricing.path("prompt").textValue());
    BigDecimal output = amount(pricing.path("completion").textValue());
    return input == null || output == null
        ? null
        : new Price(
            input.multiply(MILLION).stripTrailingZeros(),
            output.multiply(MILLION).stripTrailingZeros());
  }

  /** Together's and Hugging Face's: USD a million tokens, as numbers; zero means "not told". */
  static @Nullable Price perMillion(JsonNode pricing) {
    BigDecimal input = number(pricing.path("input"));
    BigDecimal output = number(pricing.path("output"));
    return input == null || output == null || (input.signum() == 0 && output.signum() == 0)
        ? null
        : new Price(input, output);
  }

  private static @Nullable BigDecimal number(JsonNode place) {
    return place.isNumber() ? amount(place.asText()) : null;
  }

  private static @Nullable BigDecimal amount(@Nullable String text) {
    if (text == null || text.length() > 30) {
      return null;
    }
    try {
      BigDecimal amount = new BigDecimal(text);
      boolean sane = amount.signum() >= 0 && amount.scale() < 30 && amount.scale() > -10;
      return sane ? amount : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
