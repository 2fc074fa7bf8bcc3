package io.iir.classify;

import java.util.List;
import java.util.Map;

/**
 * The cues that decide, as {@link LexiconReader} reads them from {@code classify/cues.txt} and
 * {@code classify/languages.txt}. Immutable.
 */
final class Lexicon {

  private static final int[] NO_LINES = {};

  private final Trie trie;
  private final List<Line> lines;
  private final int[][] gaps;
  private final boolean[] openers;
  private final Map<Sign, int[]> signLines;
  private final List<String> languages;

  Lexicon(
      Trie trie,
      List<Line> lines,
      int[][] gaps,
      boolean[] openers,
      Map<Sign, int[]> signLines,
      List<String> languages) {
    this.trie = trie;
    this.lines = lines;
    this.gaps = gaps;
    this.openers = openers;
    this.signLines = signLines;
    this.languages = languages;
  }

  /** The lexicon that ships with the product. */
  static Lexicon shipped() {
    return new LexiconReader()
        .readCues("classify/cues.txt")
        .readLanguages("classify/languages.txt")
        .lexicon();
  }

  /** All phrases; each stands for {@link Meaning}s. */
  Trie trie() {
    return trie;
  }

  /** A weighted line; it speaks once, however many of its cues are found. */
  Line line(int index) {
    return lines.get(index);
  }

  int lineCount() {
    return lines.size();
  }

  /** For a part that may close cues "a ~ b": pairs of the part that opens one and its line. */
  int[] gapsClosedBy(int part) {
    return gaps[part];
  }

  /** Whether the part is the first side of a cue with a gap. */
  boolean opens(int part) {
    return openers[part];
  }

  int partCount() {
    return gaps.length;
  }

  /** The lines that name the sign. */
  int[] linesOf(Sign sign) {
    return signLines.getOrDefault(sign, NO_LINES);
  }

  /** The codes of the languages told by their words. */
  List<String> languages() {
    return languages;
  }

  /** Where a cue must stand to count, narrowest first: each place lies within the next. */
  enum Place {
    /** At the start of a sentence within {@link #ASK}, politeness aside. */
    START,
    /** Where requests are stated: the first and the last two sentences, or all of a short text. */
    ASK,
    /** Near the text's start or end, outside quotation marks. */
    NEAR,
    /** Anywhere. */
    ANY
  }

  /**
   * One line of the cue file.
   *
   * @param category what it speaks for, as an index of {@link Category#OF_TEXT}
   * @param weight what it adds to the category's score; negative speaks against
   * @param place where its cues must stand; of no meaning for signs
   * @param number its line number in the file
   */
  record Line(int category, double weight, Place place, int number) {}
}
