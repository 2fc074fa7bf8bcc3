package io.iir.classify;

import java.util.Locale;

/**
 * One thing about a text that no single word tells. A cue file names it as {@code %name}; {@link
 * Signs} says when each holds. Sizes are in characters, an East Asian one counting as three.
 */
enum Sign {
  /** Always, so that its weight is a category's head start. */
  ALWAYS,
  /** At most 12. */
  TINY,
  /** 13 to 40. */
  SHORT,
  /** 41 to 120. */
  BRIEF,
  /** 121 to 400. */
  MEDIUM,
  /** 401 to 1,000. */
  LONG,
  /** More than 1,000. */
  VERY_LONG,
  /** At least two marks of source code. */
  CODE,
  /** At least six marks of source code. */
  MUCH_CODE,
  /** One mark of a formula. */
  OPERATOR,
  /** At least two marks of a formula. */
  FORMULA,
  /** At least five marks of a formula. */
  MUCH_FORMULA,
  /** LaTeX commands or formulas between dollars. */
  LATEX,
  /** At least two numbers, in digits or words. */
  NUMBERS,
  /** At least four numbers in digits, in a text that is not long. */
  MANY_NUMBERS,
  /** Ends with a question mark. */
  ASKS,
  /** Holds a question mark, but not at its end. */
  ASKS_INSIDE,
  /** At least three lettered answers to choose from. */
  OPTIONS,
  /** At least three lines that look like rows of a table. */
  TABLE,
  /** A line that ends with a colon. */
  COLON_BLOCK,
  /** A colon with text behind it on its line, and no line that ends with one. */
  COLON,
  /** Three tenths of the text stand between quotation marks or code fences. */
  QUOTED,
  /** Latin letters and letters of another script, each at least a tenth. */
  TWO_SCRIPTS,
  /** Statements with hardly a number in them, then a question. */
  SITUATION,
  /** Statements with numbers, then a question. */
  WORD_PROBLEM,
  /** A longer text with one question before or after it. */
  PASSAGE;

  /** The name in a cue file, without the percent sign. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
