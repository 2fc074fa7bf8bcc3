package io.iir.classify;

/**
 * What a request asks for and how hard it looks.
 *
 * @param category what is asked for
 * @param complexity 0 (a greeting) to 1, by the formula in {@link Complexity}
 * @param confidence 0..1: the probability that the category is right; 1 where the shape decided
 * @param language ISO 639-1 code of the text's main language, or {@link #UNKNOWN_LANGUAGE}
 * @param stage who told the category: 0 the shape, or rules where no trained classifier is; 1 the
 *     first stage; 2 the encoder
 * @param version of the trained classifier, or {@link #RULES}
 */
public record Classification(
    Category category,
    double complexity,
    double confidence,
    String language,
    int stage,
    String version) {

  /** The version where rules alone decide. */
  public static final String RULES = "rules";

  /** The language of a text that gives no sign of one. */
  public static final String UNKNOWN_LANGUAGE = "xx";
}
