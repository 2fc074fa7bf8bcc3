package io.iir.config;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The duration is at least a millisecond and at most some days. */
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = PositiveDuration.Check.class)
@interface PositiveDuration {

  /** The longest allowed, in days. */
  int maxDays() default 1;

  /** Whether zero, "off", is allowed too. */
  boolean orZero() default false;

  /** What is said of one that is not. */
  String message() default "must be a duration from 1ms to {maxDays}d, such as 500ms, 10s or 5m";

  /** As Jakarta Validation wants it. */
  Class<?>[] groups() default {};

  /** As Jakarta Validation wants it. */
  Class<? extends Payload>[] payload() default {};

  /** Judges one duration. */
  final class Check implements ConstraintValidator<PositiveDuration, Duration> {

    private Duration max = Duration.ofDays(1);
    private boolean orZero;

    @Override
    public void initialize(PositiveDuration rule) {
      max = Duration.ofDays(rule.maxDays());
      orZero = rule.orZero();
    }

    @Override
    public boolean isValid(@Nullable Duration duration, ConstraintValidatorContext context) {
      return duration == null
          || (orZero && duration.isZero())
          || (duration.compareTo(Duration.ofMillis(1)) >= 0 && duration.compareTo(max) <= 0);
    }
  }
}
