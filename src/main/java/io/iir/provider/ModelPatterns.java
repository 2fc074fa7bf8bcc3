package io.iir.provider;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which models are meant: {@code *}, {@code local/*}, {@code openai/gpt-4o}, or any id with one
 * {@code *} at its end. Immutable.
 *
 * @param patterns at least one must fit
 */
public record ModelPatterns(List<String> patterns) implements Predicate<String> {

  /** Every model. */
  public static final ModelPatterns ALL = new ModelPatterns(List.of("*"));

  public ModelPatterns {
    patterns = List.copyOf(patterns);
    for (String pattern : patterns) {
      check(pattern);
    }
  }

  /**
   * Those that {@code patterns} mean.
   *
   * @throws IllegalArgumentException naming the pattern that is none
   */
  public static ModelPatterns of(Collection<String> patterns) {
    return new ModelPatterns(List.copyOf(patterns));
  }

  /** True if the model {@code id}, such as {@code openai/gpt-4o}, is among those meant. */
  @Override
  public boolean test(String id) {
    for (String pattern : patterns) {
      if (matches(pattern, id)) {
        return true;
      }
    }
    return false;
  }

  static boolean matches(String pattern, String id) {
    int end = pattern.length() - 1;
    return pattern.endsWith("*") ? id.regionMatches(0, pattern, 0, end) : id.equals(pattern);
  }

  private static void check(String pattern) {
    int star = pattern.indexOf('*');
    boolean wellFormed =
        pattern.equals("*")
            || (ModelName.isValid(pattern) && (star < 0 || star == pattern.length() - 1));
    if (!wellFormed) {
      throw new IllegalArgumentException(
          "'%s' is not a model pattern: write *, <provider>/*, or <provider>/<model>"
              .formatted(Quoted.of(pattern)));
    }
  }
}
