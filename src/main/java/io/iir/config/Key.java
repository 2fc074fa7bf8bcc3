package io.iir.config;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** The secret can be sent in a header, and is not a placeholder that nothing filled. */
@Target({
  ElementType.METHOD,
  ElementType.FIELD,
  ElementType.CONSTRUCTOR,
  ElementType.PARAMETER,
  ElementType.TYPE_USE
})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = Key.Check.class)
@interface Key {

  /** What is said of one that cannot. */
  String message() default
      "must be visible ASCII without spaces, and no placeholder that nothing fills:"
          + " is the variable set?";

  /** As Jakarta Validation wants it. */
  Class<?>[] groups() default {};

  /** As Jakarta Validation wants it. */
  Class<? extends Payload>[] payload() default {};

  /** Judges one secret. */
  final class Check implements ConstraintValidator<Key, Secret> {
    @Override
    public boolean isValid(@Nullable Secret secret, ConstraintValidatorContext context) {
      return secret == null || (secret.isPrintable() && !secret.value().contains("${"));
    }
  }
}
