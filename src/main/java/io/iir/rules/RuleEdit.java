package io.iir.rules;

/**
 * A text that is not live, to be tried.
 *
 * @param id the rule that it is to be
 * @param text the text
 */
public record RuleEdit(String id, String text) {

  /** What provider-choice would be. */
  public static RuleEdit ofEntry(String text) {
    return new RuleEdit(RuleFile.ENTRY, text);
  }
}
