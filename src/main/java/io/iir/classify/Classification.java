package io.iir.classify;

/**
 * What a request asks for and how hard it looks.
 *
 * @param category what is asked for; where nothing was sure enough, what the caller takes then
 * @param complexity 0 (a greeting) to 1, by {@link ComplexityModel}, or by the formula in {@link
 *     Complexity} where no trained model is, or the shape decided
 * @param confidence 0..1: the probability that {@code likely} is right; 1 where the shape decided
 * @param language ISO 639-1 code of the text's main language, or {@link #UNKNOWN_LANGUAGE}
 * @param stage who told the category: 0 the shape, or rules where no trained classifier is; 1 the
 *     first stage; 2 the encoder
 * @param version of the trained classifier, or {@link #RULES}
 * @param likely the category that it looks like most
 * @param byDefault whether that was not sure enough, so that {@code category} is the default
 */
public record Classification(
    Category category,
    double complexity,
    double confidence,
    String language,
    int stage,
    String version,
    Category likely,
    boolean byDefault) {

  /** How many stages there are. */
  public static final int STAGES = 3;

  /** The version where rules alone decide. */
  public static final String RULES = "rules";

  /** The language of a text that gives no sign of one. */
  public static final String UNKNOWN_LANGUAGE = "xx";

  /** A classification that holds, however sure it is. */
  public Classification(
      Category category,
      double complexity,
      double confidence,
      String language,
      int stage,
      String version) {
    this(category, complexity, confidence, language, stage, version, category, false);
  }

  /**
   * On whose scale the complexity is: of the version's, or of the formula's, {@link #RULES}, where
   * the shape decided.
   */
  public String scale() {
    return stage == 0 ? RULES : version;
  }

  /** This, if it is as sure as {@code threshold}; else with the category {@code otherwise}. */
  public Classification orElse(Category otherwise, double threshold) {
    return confidence >= threshold
        ? this
        : new Classification(
            otherwise, complexity, confidence, language, stage, version, likely, true);
  }

  /**
   * In a line, as the header X-Classification has it: {@code
   * coding;confidence=0.93;complexity=0.41;stage=1;version=1-3fa9c12b}, and {@code ;default} behind
   * it where the category is the default.
   */
  public String headerValue() {
    StringBuilder line = new StringBuilder(96).append(category.wireName());
    hundredths(line.append(";confidence="), confidence);
    hundredths(line.append(";complexity="), complexity);
    line.append(";stage=").append(stage).append(";version=").append(version);
    return (byDefault ? line.append(";default") : line).toString();
  }

  private static void hundredths(StringBuilder line, double share) {
    long hundredths = Math.round(share * 100);
    line.append(hundredths / 100)
        .append(hundredths % 100 < 10 ? ".0" : ".")
        .append(hundredths % 100);
  }
}
