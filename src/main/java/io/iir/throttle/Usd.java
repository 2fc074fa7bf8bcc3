package io.iir.throttle;

import java.math.BigDecimal;

/** Amounts of money as people read them; the gateway reckons in billionths of a USD. */
public final class Usd {

  /** How many digits behind the point there are. */
  public static final int DIGITS = 9;

  private Usd() {}

  /** An amount of {@code nanoUsd} billionths in USD, exactly, without zeros at its end. */
  public static BigDecimal of(long nanoUsd) {
    BigDecimal usd = BigDecimal.valueOf(nanoUsd, DIGITS).stripTrailingZeros();
    return usd.scale() < 0 ? usd.setScale(0) : usd;
  }

  /** It in a message: {@code 0.25 USD}. */
  public static String words(long nanoUsd) {
    return of(nanoUsd).toPlainString() + " USD";
  }
}
