package io.iir.classify;

import io.iir.classify.Lexicon.Line;
import io.iir.classify.Lexicon.Place;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * What a {@link Lexicon} finds in an {@link Excerpt}: each category's score, counts, signs, words
 * of languages. Used again for one excerpt after the other, by one thread at a time.
 */
final class Evidence {

  /** A request is stated in the first sentence, at most this many characters of it. */
  static final int ASK_HEAD = 300;

  /** A request is stated in the last two sentences, at most this many characters of them. */
  static final int ASK_TAIL = 200;

  /** All of a text that is no longer states the request. */
  static final int ALL_ASKS = 160;

  /** The two sides of a cue with a gap are no further apart: eight words. */
  static final int GAP = 24;

  /** How an examination question ends. */
  private static final String ANSWER = "answer:";

  final double[] scores = new double[Category.OF_TEXT.size()];
  final int[] counts = new int[Count.values().length];
  final int[] languages;
  final boolean[] spoken;

  /** By {@link Sign#slot}: whether the text bears it. */
  final boolean[] signs = new boolean[Sign.values().length];

  private final Lexicon lexicon;
  private final Excerpt excerpt;
  private final int[] openedAt;
  private final int[] openedIn;
  private final boolean[] openedAtStart;
  private final boolean[] taken;
  private final int[] found = new int[32];
  private final int[] ends = new int[64];
  private int foundSize;

  private final Consumer<Sign> bearer = this::sign;

  /** What {@code lexicon} finds in whatever {@code excerpt} holds when {@link #find} is called. */
  Evidence(Lexicon lexicon, Excerpt excerpt) {
    this.lexicon = lexicon;
    this.excerpt = excerpt;
    int parts = lexicon.partCount();
    languages = new int[lexicon.languages().size()];
    spoken = new boolean[lexicon.lineCount()];
    openedAt = new int[parts];
    openedIn = new int[parts];
    openedAtStart = new boolean[parts];
    taken = new boolean[parts];
  }

  /** Reads the excerpt; what was found before is forgotten. */
  void find() {
    Arrays.fill(scores, 0);
    Arrays.fill(counts, 0);
    Arrays.fill(languages, 0);
    Arrays.fill(spoken, false);
    Arrays.fill(signs, false);
    Arrays.fill(openedIn, 0);
    Arrays.fill(taken, false);
    findPhrases();
    Signs.forEach(excerpt, counts, bearer);
  }

  /** Whether the text is a question with lettered answers; of a long one the last are seen. */
  boolean offersAnswers() {
    int options = counts[Count.OPTION.slot()];
    return options >= 3 || (options > 0 && endsWith(ANSWER));
  }

  private boolean endsWith(String ending) {
    int from = excerpt.length - ending.length();
    for (int i = 0; i < ending.length(); i++) {
      if (from < 0 || excerpt.chars[from + i] != ending.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void sign(Sign sign) {
    signs[sign.slot()] = true;
    for (int line : lexicon.linesOf(sign)) {
      speak(line);
    }
  }

  private void findPhrases() {
    char[] chars = excerpt.chars;
    int length = excerpt.length;
    int sentence = 0;
    int start = 0;
    boolean inWord = false;
    for (int i = 0; i < length; i++) {
      char c = chars[i];
      if (c == ' ') {
        inWord = false;
        continue;
      }
      if (excerpt.sentence(i) != sentence) {
        sentence = excerpt.sentence(i);
        start = i;
      }
      boolean word = Excerpt.inWord(c);
      boolean inside = word && inWord;
      inWord = word;
      if (inside) {
        continue;
      }
      if (i == start && !word && !Excerpt.eastAsian(c)) {
        start = i + 1 < length && chars[i + 1] == ' ' ? i + 2 : i + 1;
        phrasesFrom(i, false);
        continue;
      }
      int behind = phrasesFrom(i, i == start);
      if (i == start && behind > i) {
        start = behind;
        i = behind - 1;
        inWord = Excerpt.inWord(chars[i]);
      }
    }
  }

  /** Looks for all phrases that begin here; answers where one begins behind politeness, or -1. */
  private int phrasesFrom(int i, boolean atStart) {
    Trie trie = lexicon.trie();
    int size =
        trie.mayBegin(excerpt.chars, i, excerpt.length)
            ? trie.walk(excerpt.chars, i, excerpt.length, ends)
            : 0;
    if (size == 0) {
      return -1;
    }
    Place place = place(i);
    int behind = -1;
    foundSize = 0;
    for (int n = 0; n < size; n += 2) {
      int node = ends[n];
      int end = ends[n + 1];
      for (int meaning : trie.prefixesAt(node)) {
        take(meaning, atStart, place);
      }
      int[] phrases = trie.phrasesAt(node);
      if (phrases.length > 0 && endsWord(end)) {
        behind = takeAll(phrases, atStart, place) ? end : behind;
      }
    }
    if (foundSize > 0) {
      closeAndOpen(i, atStart);
    }
    return behind < 0 ? behind : behindSpace(behind);
  }

  private int behindSpace(int i) {
    char[] chars = excerpt.chars;
    while (i < excerpt.length && (chars[i] == ' ' || chars[i] == ',')) {
      i++;
    }
    return i;
  }

  /** Takes all; answers whether one is politeness that stands at a start. */
  private boolean takeAll(int[] meanings, boolean atStart, Place place) {
    boolean polite = false;
    for (int meaning : meanings) {
      take(meaning, atStart, place);
      polite |= atStart && Meaning.kind(meaning) == Meaning.POLITE;
    }
    return polite;
  }

  private boolean endsWord(int end) {
    return end >= excerpt.length
        || !Excerpt.inWord(excerpt.chars[end])
        || !Excerpt.inWord(excerpt.chars[end - 1]);
  }

  private void take(int meaning, boolean atStart, Place place) {
    int index = Meaning.index(meaning);
    switch (Meaning.kind(meaning)) {
      case Meaning.LINE -> {
        Line line = lexicon.line(index);
        if (line.place() == Place.START
            ? atStart && place == Place.ASK
            : place.compareTo(line.place()) <= 0) {
          speak(index);
        }
      }
      case Meaning.PART -> {
        if (place == Place.ASK && foundSize < found.length) {
          found[foundSize++] = index;
        }
      }
      case Meaning.COUNT -> counts[index]++;
      case Meaning.COUNT_AT_START -> counts[index] += atStart ? 1 : 0;
      case Meaning.LANGUAGE -> languages[index]++;
      default -> {}
    }
  }

  /**
   * Closes the cues whose second side begins here, then opens those whose first side does. The
   * nearest second side takes the first side for itself ("write a program that writes poems" asks
   * for a program), but not in scripts without spaces, whose languages put the noun last.
   */
  private void closeAndOpen(int i, boolean atStart) {
    boolean takes = !Excerpt.eastAsian(excerpt.chars[i]);
    int sentence = excerpt.sentence(i);
    for (int n = 0; n < foundSize; n++) {
      int[] pairs = lexicon.gapsClosedBy(found[n]);
      for (int p = 0; p < pairs.length; p += 2) {
        int opener = pairs[p];
        if (openedIn[opener] == sentence && excerpt.unit(i) - openedAt[opener] <= GAP) {
          if (lexicon.line(pairs[p + 1]).place() != Place.START || openedAtStart[opener]) {
            speak(pairs[p + 1]);
          }
          taken[opener] = takes;
        }
      }
    }
    for (int n = 0; n < foundSize; n++) {
      for (int p = 0, pairs = lexicon.gapsClosedBy(found[n]).length; p < pairs; p += 2) {
        int opener = lexicon.gapsClosedBy(found[n])[p];
        if (taken[opener]) {
          taken[opener] = false;
          openedIn[opener] = 0;
        }
      }
    }
    for (int n = 0; n < foundSize; n++) {
      int part = found[n];
      if (lexicon.opens(part)) {
        openedIn[part] = sentence;
        openedAt[part] = excerpt.unit(i);
        openedAtStart[part] = atStart;
      }
    }
  }

  private void speak(int line) {
    if (!spoken[line]) {
      spoken[line] = true;
      Line of = lexicon.line(line);
      scores[of.category()] += of.weight();
    }
  }

  private Place place(int i) {
    if (excerpt.quoted(i)) {
      return Place.ANY;
    }
    boolean head = i < ASK_HEAD;
    boolean tail = i >= excerpt.length - ASK_TAIL;
    if (excerpt.length <= ALL_ASKS
        || (head && excerpt.sentence(i) <= 1)
        || (tail && excerpt.sentence(i) >= excerpt.lastSentence() - 1)) {
      return Place.ASK;
    }
    return head || tail ? Place.NEAR : Place.ANY;
  }
}
