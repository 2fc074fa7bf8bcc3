package io.iir.provider;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a model costs, in USD a million tokens; neither part is negative.
 *
 * @param input of the prompt
 * @param output of the answer
 */
public record Price(BigDecimal input, BigDecimal output) {

  /** What a model costs that runs on the operator's own machines. */
  public static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO);

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  /**
   * What that many tokens cost, in billionths of a USD, rounded once, half up; at most {@link
   * Long#MAX_VALUE}.
   */
  public long nanoUsd(long promptTokens, long completionTokens) {
    return nanoUsd(promptTokens, completionTokens, RoundingMode.HALF_UP);
  }

  /** As {@link #nanoUsd}, rounded up. */
  public long nanoUsdAtMost(long promptTokens, long completionTokens) {
    return nanoUsd(promptTokens, completionTokens, RoundingMode.CEILING);
  }

  private long nanoUsd(long promptTokens, long completionTokens, RoundingMode rounding) {
    BigDecimal millionths =
        input
            .multiply(BigDecimal.valueOf(promptTokens))
            .add(output.multiply(BigDecimal.valueOf(completionTokens)));
    return millionths.movePointRight(3).setScale(0, rounding).min(MAX).longValueExact();
  }

  /** Whether it costs nothing, however much is asked. */
  public boolean isFree() {
    return input.signum() == 0 && output.signum() == 0;
  }

  /** USD a million tokens, of which three in four are the prompt's. */
  double blended() {
    return input
        .multiply(BigDecimal.valueOf(3))
        .add(output)
        .divide(BigDecimal.valueOf(4))
        .doubleValue();
  }
}
