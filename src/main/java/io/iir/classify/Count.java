package io.iir.classify;

import java.util.Locale;

/** Something a text holds once or more often. A cue file names it in {@code count <name>}. */
enum Count {
  /** Marks of source code. */
  CODE(0),
  /** Marks of a formula. */
  FORMULA(1),
  /** LaTeX commands. */
  LATEX(2),
  /** Numbers in words. */
  NUMBER(3),
  /** Lettered answers to choose from. */
  OPTION(4),
  /** Demands on the answer: must, without, at most, step by step. */
  CONSTRAINT(5),
  /** Words of demanding work: prove, trade-offs, concurrency. */
  DEPTH(6);

  private final int slot;

  Count(int slot) {
    this.slot = slot;
  }

  /** Its place in an array with one number for each count. */
  int slot() {
    return slot;
  }

  /** The name in a cue file. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
