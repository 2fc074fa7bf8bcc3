package io.iir.classify;

import java.util.Locale;

/**
 * One thing about a text that no single word tells. A cue file names it as {@code %name}; {@link
 * Signs} says when each holds. Sizes are in characters, an East Asian one counting as three.
 */
enum Sign {
  /** Always, so that its weight is a category's head start. */
  ALWAYS(0),
  /** At most 12. */
  TINY(1),
  /** 13 to 40. */
  SHORT(2),
  /** 41 to 120. */
  BRIEF(3),
  /** 121 to 400. */
  MEDIUM(4),
  /** 401 to 1,000. */
  LONG(5),
  /** More than 1,000. */
  VERY_LONG(6),
  /** At least two marks of source code. */
  CODE(7),
  /** At least six marks of source code. */
  MUCH_CODE(8),
  /** One mark of a formula. */
  OPERATOR(9),
  /** At least two marks of a formula. */
  FORMULA(10),
  /** At least five marks of a formula. */
  MUCH_FORMULA(11),
  /** LaTeX commands or formulas between dollars. */
  LATEX(12),
  /** At least two numbers, in digits or words. */
  NUMBERS(13),
  /** At least four numbers in digits, in a text that is not long. */
  MANY_NUMBERS(14),
  /** Ends with a question mark. */
  ASKS(15),
  /** Holds a question mark, but not at its end. */
  ASKS_INSIDE(16),
  /** At least three lettered answers to choose from. */
  OPTIONS(17),
  /** At least three lines that look like rows of a table. */
  TABLE(18),
  /** A line that ends with a colon. */
  COLON_BLOCK(19),
  /** A colon with text behind it on its line, and no line that ends with one. */
  COLON(20),
  /** Three tenths of the text stand between quotation marks or code fences. */
  QUOTED(21),
  /** Latin letters and letters of another script, each at least a tenth. */
  TWO_SCRIPTS(22),
  /** Statements with hardly a number in them, then a question. */
  SITUATION(23),
  /** Statements with numbers, then a question. */
  WORD_PROBLEM(24),
  /** A longer text with one question before or after it. */
  PASSAGE(25);

  private final int slot;

  Sign(int slot) {
    this.slot = slot;
  }

  /** Its place in an array with one entry for each sign. */
  int slot() {
    return slot;
  }

  /** The name in a cue file, without the percent sign. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
