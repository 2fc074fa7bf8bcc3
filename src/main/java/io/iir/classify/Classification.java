package io.iir.classify;

/**
 * What a request asks for and how hard it looks.
 *
 * @param category what is asked for
 * @param complexity 0 (a greeting) to 1, by the formula in {@link Complexity}
 * @param confidence 0..1; 1 where the shape decided, else how far the best category's evidence
 *     stands above that of the others
 * @param language ISO 639-1 code of the text's main language, or {@link #UNKNOWN_LANGUAGE}
 */
public record Classification(
    Category category, double complexity, double confidence, String language) {

  /** The language of a text that gives no sign of one. */
  public static final String UNKNOWN_LANGUAGE = "xx";
}
