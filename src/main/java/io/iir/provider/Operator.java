package io.iir.provider;

import java.util.Arrays;
import java.util.List;

/** How a condition compares; those of two signs before those that they begin with. */
enum Operator {
  AT_MOST("<="),
  AT_LEAST(">="),
  NOT_EQUAL("!="),
  LESS("<"),
  MORE(">"),
  EQUAL("=");

  /** All signs. */
  static final List<String> SIGNS = Arrays.stream(values()).map(Operator::sign).toList();

  private final String sign;

  Operator(String sign) {
    this.sign = sign;
  }

  String sign() {
    return sign;
  }

  /** Whether {@code left}, which is not NaN, compares so with {@code right}. */
  boolean holds(double left, double right) {
    int order = Double.compare(left + 0.0, right + 0.0);
    return switch (this) {
      case AT_MOST -> order <= 0;
      case AT_LEAST -> order >= 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case MORE -> order > 0;
      case EQUAL -> order == 0;
    };
  }
}
