package io.iir.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;

/** JSON as commands read and print it: amounts are exact and have no exponents. Stateless. */
final class Json {

  /** Reads and makes trees. */
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private Json() {}

  /** {@code view} as it is when it has been sent. */
  static JsonNode sent(JsonNode view) {
    try {
      return MAPPER.readTree(MAPPER.writeValueAsBytes(view));
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code view} for people, too. */
  static String pretty(JsonNode view) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(view);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An amount of USD: at least two places behind the point. */
  static String usd(JsonNode amount) {
    if (!amount.isNumber()) {
      return "unknown";
    }
    BigDecimal usd = amount.decimalValue().stripTrailingZeros();
    return usd.setScale(Math.max(2, usd.scale())).toPlainString();
  }

  /** {@code node} as a text; "" if it is not there. */
  static String text(JsonNode node) {
    return node.isNull() || node.isMissingNode()
        ? ""
        : node.isValueNode() ? node.asText() : node.toString();
  }
}
