package io.iir.config;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The text is the base URL of an HTTP API, such as {@code https://api.openai.com/v1}, or blank.
 * {@link Check#problem} says what is wrong with it.
 */
@Target({
  ElementType.METHOD,
  ElementType.FIELD,
  ElementType.CONSTRUCTOR,
  ElementType.PARAMETER,
  ElementType.TYPE_USE
})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = BaseUrl.Check.class)
public @interface BaseUrl {

  /** Replaced by what is wrong. */
  String message() default "must be a base URL";

  /** As Jakarta Validation wants it. */
  Class<?>[] groups() default {};

  /** As Jakarta Validation wants it. */
  Class<? extends Payload>[] payload() default {};

  /** Judges one text. */
  final class Check implements ConstraintValidator<BaseUrl, String> {

    @Override
    public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
      String problem = text == null || text.isBlank() ? null : problem(text.strip());
      if (problem == null) {
        return true;
      }
      context.disableDefaultConstraintViolation();
      context
          .buildConstraintViolationWithTemplate(problem.replaceAll("([{}$\\\\])", "\\\\$1"))
          .addConstraintViolation();
      return false;
    }

    /** What is wrong with {@code text}, beginning with "must", or null if nothing is. */
    public static @Nullable String problem(String text) {
      if (text.contains("${")) {
        return "must not hold a placeholder that nothing fills: is the variable set?";
      }
      URI uri;
      try {
        uri = new URI(text);
      } catch (URISyntaxException e) {
        return "must be a URL: " + e.getReason();
      }
      String scheme = uri.getScheme();
      if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
        return "must begin with http:// or https://";
      }
      if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65535) {
        return "must name a host, and a port from 1 to 65535 if any";
      }
      if (uri.getRawUserInfo() != null) {
        return "must hold no user name or password: the key goes into api-key";
      }
      if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
        return "must have no query (?…) and no fragment (#…)";
      }
      if (uri.getPath().endsWith("/chat/completions")) {
        return "must end before /chat/completions, which the gateway adds";
      }
      return null;
    }
  }
}
