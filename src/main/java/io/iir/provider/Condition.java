package io.iir.provider;

import java.math.BigDecimal;

/** What a selector demands of a model besides its name. */
sealed interface Condition {

  /** Whether {@code model} is known to meet it. */
  boolean met(Candidate model);

  /** Why {@code model} does not meet it, in words that go behind its name. */
  String unmet(Candidate model);

  /**
   * {@code quality >= 0.7}: an unknown value does not meet it.
   *
   * @param property what is compared
   * @param operator how
   * @param value with what
   * @param written how the value was written
   */
  record Compared(NumberProperty property, Operator operator, double value, String written)
      implements Condition {

    @Override
    public boolean met(Candidate model) {
      double known = property.of(model);
      return !Double.isNaN(known) && operator.holds(known, value);
    }

    @Override
    public String unmet(Candidate model) {
      double known = property.of(model);
      return Double.isNaN(known)
          ? "is of unknown %s, %s is wanted".formatted(property.word(), this)
          : "has a %s of %s, %s is wanted"
              .formatted(
                  property.word(),
                  BigDecimal.valueOf(known).stripTrailingZeros().toPlainString(),
                  this);
    }

    @Override
    public String toString() {
      return property.word() + " " + operator.sign() + " " + written;
    }
  }

  /**
   * {@code tools}.
   *
   * @param flag what the model must be known to have
   */
  record Has(Flag flag) implements Condition {

    @Override
    public boolean met(Candidate model) {
      return flag.of(model);
    }

    @Override
    public String unmet(Candidate model) {
      return "is not known to meet '%s'".formatted(flag.word());
    }
  }

  /**
   * {@code !tools}: what is unknown meets it.
   *
   * @param flag what the model must not be known to have
   */
  record Lacks(Flag flag) implements Condition {

    @Override
    public boolean met(Candidate model) {
      return !flag.of(model);
    }

    @Override
    public String unmet(Candidate model) {
      return "does not meet '!%s'".formatted(flag.word());
    }
  }
}
