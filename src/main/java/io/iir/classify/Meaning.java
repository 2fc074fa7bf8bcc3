package io.iir.classify;

/**
 * What a phrase of a {@link Lexicon} stands for, in one int so that finding it allocates nothing: a
 * kind in the upper half, an index in the lower.
 */
final class Meaning {

  /** A cue; the index is its line's. */
  static final int LINE = 0;

  /** One side of a cue with a gap; the index is the part's. */
  static final int PART = 1;

  /** Politeness that may stand before an instruction. */
  static final int POLITE = 2;

  /** One more of a {@link Count}; the index is its slot. */
  static final int COUNT = 3;

  /** One more of a {@link Count} where it begins a sentence; the index is its slot. */
  static final int COUNT_AT_START = 4;

  /** A word of a language; the index is the language's. */
  static final int LANGUAGE = 5;

  private Meaning() {}

  static int of(int kind, int index) {
    return (kind << 16) | index;
  }

  static int kind(int meaning) {
    return meaning >>> 16;
  }

  static int index(int meaning) {
    return meaning & 0xffff;
  }
}
