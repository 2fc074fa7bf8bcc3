package io.iir.provider;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Means models: {@code *} (all), {@code provider/*} (all of a provider's), {@code provider/model},
 * or, in target lists, the beginning of an id with {@code *} behind it.
 *
 * @param text the pattern as the operator wrote it
 */
public record ModelPattern(String text) {

  /** All models. */
  public static final ModelPattern ALL = new ModelPattern("*");

  /** The longest pattern there may be. */
  public static final int MAX_LENGTH = 200;

  private static final Pattern FORM =
      Pattern.compile("\\*|[A-Za-z0-9][A-Za-z0-9._-]*/(\\*|[^\\s/*\\p{Cntrl}][^\\s*\\p{Cntrl}]*)");

  /** True if {@code text} has one of the three forms. */
  public static boolean isValid(String text) {
    return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
  }

  /** True if the model {@code id}, {@code <provider>/<model>}, is meant. */
  public boolean matches(String id) {
    int end = text.length() - 1;
    return text.charAt(end) == '*' ? id.regionMatches(0, text, 0, end) : id.equals(text);
  }

  /** True for models that one of {@code patterns} means. */
  static Predicate<ModelName> anyOf(List<ModelPattern> patterns) {
    return name -> {
      String id = name.id();
      return patterns.stream().anyMatch(pattern -> pattern.matches(id));
    };
  }
}
