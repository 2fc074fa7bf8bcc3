package io.iir.config;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import java.math.BigDecimal;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What may be spent.
 *
 * @param usd how much all of them together may spend, in USD, with at most 9 digits behind the
 *     point. Without it there is no budget
 * @param period for how long that lasts; days and months are the calendar's, in UTC
 */
public record BudgetSettings(
    @DecimalMin(value = "0", inclusive = false, message = "must be above 0")
        @DecimalMax(value = "9000000", message = "must be at most 9000000")
        @Digits(integer = 7, fraction = 9, message = "must have at most 9 digits behind the point")
        BigDecimal usd,
    @DefaultValue("month") Period period) {

  /** How long a budget lasts. */
  public enum Period {
    /** A day. */
    DAY,
    /** A month. */
    MONTH,
    /** For ever. */
    TOTAL
  }
}
