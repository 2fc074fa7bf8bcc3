package io.iir.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.throttle.Budget;
import io.iir.throttle.Period;
import io.iir.throttle.Usd;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the field {@code budget}. */
final class BudgetFields {

  private static final String USD = "budget.usd";
  private static final List<String> FIELDS = List.of("usd", "period");
  private static final BigDecimal MOST = Usd.of(Budget.MOST);
  private static final int LONGEST = 32;

  private BudgetFields() {}

  /** The budget {@code old} with {@code node} merged into it; null clears it. */
  static @Nullable Budget merge(@Nullable Budget old, JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (!node.isObject()) {
      throw Fields.invalid("budget", "must be an object or null, not " + Fields.kind(node));
    }
    Fields.checkNames(node, "budget.", FIELDS);
    long nanoUsd;
    if (node.has("usd")) {
      nanoUsd = nanoUsd(node.path("usd"));
    } else if (old != null) {
      nanoUsd = old.nanoUsd();
    } else {
      throw Fields.invalid(USD, "is missing: say how much may be spent, in USD");
    }
    Period kept = old == null ? Period.MONTH : old.period();
    return new Budget(nanoUsd, node.has("period") ? period(node.path("period")) : kept);
  }

  private static long nanoUsd(JsonNode node) {
    BigDecimal usd = number(node);
    if (usd.signum() <= 0 || usd.compareTo(MOST) > 0) {
      throw Fields.invalid(USD, "must be above 0 and at most " + MOST.toPlainString());
    }
    if (usd.stripTrailingZeros().scale() > Usd.DIGITS) {
      throw Fields.invalid(
          USD, "must have at most %d digits behind the point".formatted(Usd.DIGITS));
    }
    return usd.movePointRight(Usd.DIGITS).longValueExact();
  }

  private static BigDecimal number(JsonNode node) {
    if (node.isNumber()) {
      return node.decimalValue();
    }
    if (node.isTextual()) {
      try {
        return new BigDecimal(Fields.text(node, USD, LONGEST));
      } catch (NumberFormatException e) {
        throw Fields.invalid(USD, "must be a decimal number, such as 12.50");
      }
    }
    throw Fields.invalid(
        USD, "must be a number, or a string with a decimal number, not " + Fields.kind(node));
  }

  private static Period period(JsonNode node) {
    for (Period period : Period.values()) {
      if (node.isTextual() && node.textValue().equals(period.word())) {
        return period;
      }
    }
    throw Fields.invalid(
        "budget.period",
        "must be one of "
            + Arrays.stream(Period.values()).map(Period::word).collect(Collectors.joining(", ")));
  }
}
