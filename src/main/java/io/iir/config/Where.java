package io.iir.config;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.io.FileSystemResource;

/** Where a setting was written, in words that lead there. */
final class Where {

  private Where() {}

  /**
   * {@code (config/iir.yaml, line 3)} with a space before it, or nothing where nothing is known.
   */
  static String of(@Nullable Origin origin) {
    return switch (origin) {
      case null -> "";
      case PropertySourceOrigin inSource when inSource.getOrigin() != null ->
          of(inSource.getOrigin());
      case SystemEnvironmentOrigin variable ->
          " (environment variable %s)".formatted(variable.getProperty());
      case TextResourceOrigin text when text.getLocation() != null ->
          " (%s, line %d)".formatted(file(text), text.getLocation().getLine() + 1);
      default -> " (%s)".formatted(origin);
    };
  }

  private static String file(TextResourceOrigin origin) {
    return origin.getResource() instanceof FileSystemResource file
        ? file.getPath()
        : String.valueOf(origin.getResource());
  }
}
