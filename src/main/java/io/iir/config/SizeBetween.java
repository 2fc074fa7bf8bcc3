package io.iir.config;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** The size lies between two others, both allowed. */
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = SizeBetween.Check.class)
@interface SizeBetween {

  /** The smallest allowed, such as {@code 1KB}. */
  String min();

  /** The largest allowed, such as {@code 1GB}. */
  String max();

  /** What is said of one that does not. */
  String message() default "must be a size from {min} to {max}";

  /** As Jakarta Validation wants it. */
  Class<?>[] groups() default {};

  /** As Jakarta Validation wants it. */
  Class<? extends Payload>[] payload() default {};

  /** Judges one size. */
  final class Check implements ConstraintValidator<SizeBetween, DataSize> {

    private DataSize min = DataSize.ofBytes(0);
    private DataSize max = DataSize.ofBytes(0);

    @Override
    public void initialize(SizeBetween rule) {
      min = DataSize.parse(rule.min());
      max = DataSize.parse(rule.max());
    }

    @Override
    public boolean isValid(@Nullable DataSize size, ConstraintValidatorContext context) {
      return size == null || (size.compareTo(min) >= 0 && size.compareTo(max) <= 0);
    }
  }
}
