package io.iir.classify;

/**
 * The part of a text that is looked at, made even: {@link Letters} of one form, one space for any
 * run of white space, one {@link #NUMBER} for any run of digits, straight apostrophes. Beside each
 * character stands where it is: its sentence, whether it is quoted, and how far from the start it
 * is in {@link #unit units}. Of a long text the start, the middle and the end are looked at, so
 * that it costs no more than a page. Used again for one text after the other, by one thread at a
 * time.
 *
 * <p>Longer than 300 lines because one pass over the text gathers all that is told of it.
 */
final class Excerpt {

  /** How much of a long text's start is looked at, in characters. */
  static final int HEAD = 320;

  /** How much of a long text's middle is looked at, in characters. */
  static final int MIDDLE = 64;

  /** How much of a long text's end is looked at, in characters. */
  static final int TAIL = 192;

  /** The most characters an excerpt has: the three parts with a line's end between them. */
  static final int CAPACITY = HEAD + 1 + MIDDLE + 1 + TAIL;

  /** What stands for any number. */
  static final char NUMBER = '0';

  private static final byte SPACE = 0;
  private static final byte INVISIBLE = 1;
  private static final byte MARK = 2;
  private static final byte EAST_ASIAN = 3;
  private static final byte WORD = 4;
  private static final byte DIGIT = 5;
  private static final byte[] KINDS = kinds();

  private static final int SENTENCE = 1 << 16;
  private static final int UNIT = 1 << 1;
  private static final int IN_QUOTE = 1;

  private static final String OPENING = "\"“«„「『'‘";
  private static final String CLOSING = "\"”»“」』'’";

  /** The even text; its first {@link #length} characters hold. */
  final char[] chars = new char[CAPACITY];

  int length;
  int numbers;
  int letters;
  int latinLetters;
  int eastAsian;
  int quotedCount;
  int questionMarks;
  int dollars;
  int rows;
  int items;
  boolean colonBlock;
  boolean colon;
  boolean endsAsking;
  boolean firstLineAsks;

  /** Of each character: its sentence in the upper half, then its unit and {@link #IN_QUOTE}. */
  private final int[] places = new int[CAPACITY];

  private final char[] window = new char[CAPACITY];
  private int end;
  private int unclosed;
  private int lineStart;
  private int lines;
  private int bars;
  private int commas;
  private int colons;

  /** Reads {@code text}; what was read before is forgotten. */
  Excerpt read(String text) {
    clear();
    int size = text.length();
    if (size <= CAPACITY) {
      end = put(text, 0, size, 0);
    } else {
      int middle = (HEAD + size - TAIL - MIDDLE) / 2;
      end = put(text, 0, HEAD, 0);
      window[end++] = '\n';
      end = put(text, middle, middle + MIDDLE, end);
      window[end++] = '\n';
      end = put(text, size - TAIL, size, end);
    }
    read();
    return this;
  }

  private int put(String text, int from, int to, int at) {
    text.getChars(from, to, window, at);
    return at + to - from;
  }

  private void clear() {
    length = 0;
    numbers = 0;
    letters = 0;
    latinLetters = 0;
    eastAsian = 0;
    quotedCount = 0;
    questionMarks = 0;
    dollars = 0;
    rows = 0;
    items = 0;
    colonBlock = false;
    colon = false;
    endsAsking = false;
    firstLineAsks = false;
    unclosed = 0;
    lineStart = 0;
    lines = 0;
    bars = 0;
    commas = 0;
    colons = 0;
  }

  /** The sentence or line of a character, from 1. */
  int sentence(int i) {
    return places[i] >>> 16;
  }

  /** Distance from the start: 3 for each word begun, 1 for each East Asian character. */
  int unit(int i) {
    return (places[i] & (SENTENCE - 1)) / UNIT;
  }

  /** Whether the character stands between quotation marks or code fences. */
  boolean quoted(int i) {
    return (places[i] & IN_QUOTE) != 0;
  }

  /** The number of the last sentence. */
  int lastSentence() {
    return length == 0 ? 0 : sentence(length - 1);
  }

  /** Whether the character belongs to a word of a script that separates words. */
  static boolean inWord(char c) {
    return KINDS[c] >= WORD;
  }

  /** Whether the character is written without spaces between words: Han, kana, Hangul, Thai. */
  static boolean eastAsian(char c) {
    return KINDS[c] == EAST_ASIAN;
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[Character.MAX_VALUE + 1];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = kind((char) c);
    }
    return kinds;
  }

  private static byte kind(char c) {
    if (!Letters.counts(c)) {
      return INVISIBLE;
    }
    if (Character.isWhitespace(c) || c <= ' ' || c == 0xa0) {
      return SPACE;
    }
    if ((c >= 0xe00 && c <= 0xe7f)
        || (c >= 0x3040 && c <= 0x30ff)
        || (c >= 0x3400 && c <= 0x9fff)
        || (c >= 0xac00 && c <= 0xd7af)) {
      return EAST_ASIAN;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> WORD;
      case Character.DECIMAL_DIGIT_NUMBER -> DIGIT;
      default -> Character.isLetterOrDigit(c) ? WORD : MARK;
    };
  }

  private void read() {
    int place = 0;
    int quoteEnd = -1;
    boolean newSentence = true;
    boolean afterWord = false;
    int i = 0;
    while (i < end) {
      char c = window[i++];
      byte kind = KINDS[c];
      if (kind <= INVISIBLE) {
        if (kind == SPACE) {
          if (c == '\n') {
            newSentence = true;
            endLine();
          }
          if (length > 0 && chars[length - 1] != ' ') {
            put(' ', place, i <= quoteEnd);
          }
          afterWord = false;
        }
        continue;
      }
      if (newSentence) {
        place += SENTENCE;
        newSentence = false;
      }
      boolean inQuote = i <= quoteEnd;
      if (kind == WORD) {
        letters++;
        latinLetters += c < 0x250 ? 1 : 0;
        place += afterWord ? 0 : 3 * UNIT;
        afterWord = true;
        c = even(c);
      } else if (kind == DIGIT) {
        while (i < end && continuesNumber(i)) {
          i++;
        }
        numbers++;
        place += 3 * UNIT;
        afterWord = true;
        c = NUMBER;
      } else if (kind == EAST_ASIAN) {
        place += UNIT;
        eastAsian++;
        letters++;
        afterWord = false;
      } else {
        if (!inQuote && i - 1 != quoteEnd) {
          quoteEnd = quoteEnd(i - 1, c, afterWord);
        }
        newSentence = endsSentence(c, i);
        c = mark(c, i);
        afterWord = false;
      }
      put(c, place, inQuote);
    }
    endLine();
    endsAsking = endsAsking();
  }

  /** Counts a mark, and answers what stands for it. */
  private char mark(char c, int next) {
    switch (c) {
      case '?', '？', '؟' -> questionMarks++;
      case '$' -> dollars += next < end && opensFormula(window[next]) ? 1 : 0;
      case '|' -> bars++;
      case ',', '，' -> commas++;
      case ':', '：' -> colons++;
      case '’', '‘' -> {
        return '\'';
      }
      default -> {}
    }
    return even(c);
  }

  private static char even(char c) {
    if (c < 0x80) {
      return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }
    return Letters.even(c);
  }

  private void put(char c, int place, boolean inQuote) {
    int inside = inQuote ? IN_QUOTE : 0;
    chars[length] = c;
    places[length] = place | inside;
    quotedCount += inside;
    length++;
  }

  /** Tells what the line shows that ends here, and begins the next. */
  private void endLine() {
    int last = length - 1;
    if (last >= lineStart && chars[last] == ' ') {
      last--;
    }
    int size = last < lineStart ? 0 : last - lineStart + 2;
    boolean colonLast = size > 0 && (chars[last] == ':' || chars[last] == '：');
    if (bars >= 2 || (commas >= 3 && size < 160)) {
      rows++;
    }
    if (size > 3) {
      items += opensItem(chars[lineStart]) ? 1 : 0;
    }
    colonBlock |= colonLast;
    colon |= colons > (colonLast ? 1 : 0);
    if (size > 0 && lines++ == 0) {
      firstLineAsks = asks(chars[last]);
    }
    lineStart = length > 0 && chars[length - 1] != ' ' ? length + 1 : length;
    bars = 0;
    commas = 0;
    colons = 0;
  }

  private static boolean opensItem(char first) {
    return first == '-' || first == '*' || first == '•' || first == NUMBER;
  }

  private boolean continuesNumber(int i) {
    char c = window[i];
    return Character.isDigit(c)
        || ((c == '.' || c == ',') && i + 1 < end && Character.isDigit(window[i + 1]));
  }

  private boolean endsSentence(char c, int next) {
    return switch (c) {
      case '.', '!', '?' -> next >= end || KINDS[window[next]] == SPACE;
      case '。', '！', '？', '؟', '।' -> true;
      default -> false;
    };
  }

  private static boolean asks(char c) {
    return c == '?' || c == '？' || c == '؟';
  }

  private static boolean opensFormula(char next) {
    return next == '\\' || next == '(' || next == '|' || Character.isLetter(next);
  }

  private boolean endsAsking() {
    int i = end - 1;
    while (i >= 0 && (Character.isWhitespace(window[i]) || "\"”」)）'".indexOf(window[i]) >= 0)) {
      i--;
    }
    return i >= 0 && asks(window[i]);
  }

  /**
   * Where the quotation that opens here closes, or -1 where none opens: none does at the text's
   * start, where a mark more often stands around all of it.
   */
  private int quoteEnd(int i, char c, boolean afterWord) {
    if (c == '`' && fenceAt(i)) {
      int fence = i + 3;
      while (fence < end && !fenceAt(fence)) {
        fence++;
      }
      return fence;
    }
    int kind = i == 0 || afterWord ? -1 : OPENING.indexOf(c);
    if (kind < 0 || (unclosed & (1 << kind)) != 0) {
      return -1;
    }
    char closing = CLOSING.charAt(kind);
    int close = find(closing, i + 1);
    while (closing == '\'' && close >= 0 && close + 1 < end && inWord(window[close + 1])) {
      close = find(closing, close + 1);
    }
    if (close < 0) {
      unclosed |= 1 << kind;
    }
    return close > i + 1 ? close : -1;
  }

  private boolean fenceAt(int i) {
    return i + 2 < end && window[i] == '`' && window[i + 1] == '`' && window[i + 2] == '`';
  }

  private int find(char wanted, int from) {
    for (int i = from; i < end; i++) {
      if (window[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
