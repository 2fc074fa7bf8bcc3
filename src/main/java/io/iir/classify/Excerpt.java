package io.iir.classify;

/**
 * The part of a text that is looked at, made even: {@link Letters} of one form, one space for any
 * run of white space, one {@link #NUMBER} for any run of digits, straight apostrophes. Beside each
 * character stands where it is: its sentence, whether it is quoted, and how far from the start it
 * is in {@link #units}. Of a long text the start, the middle and the end are looked at, so that it
 * costs no more than a page. Used again for one text after the other, by one thread at a time.
 *
 * <p>Longer than 300 lines because one pass over the text gathers all that is told of it.
 */
final class Excerpt {

  /** How much of a long text's start is looked at, in characters. */
  static final int HEAD = 512;

  /** How much of a long text's middle is looked at, in characters. */
  static final int MIDDLE = 128;

  /** How much of a long text's end is looked at, in characters. */
  static final int TAIL = 384;

  /** The most characters an excerpt has: the three parts with a line's end between them. */
  static final int CAPACITY = HEAD + 1 + MIDDLE + 1 + TAIL;

  /** What stands for any number. */
  static final char NUMBER = '0';

  private static final byte MARK = 0;
  private static final byte SPACE = 1;
  private static final byte WORD = 2;
  private static final byte EAST_ASIAN = 3;
  private static final byte[] KINDS = kinds();

  private static final String OPENING = "\"“«„「『'‘";
  private static final String CLOSING = "\"”»“」』'’";

  /** The even text; its first {@link #length} characters hold. */
  final char[] chars = new char[CAPACITY];

  /** The sentence or line of each character, from 1. */
  final int[] sentences = new int[CAPACITY];

  /** Distance from the start: 3 for each word begun, 1 for each East Asian character. */
  final int[] units = new int[CAPACITY];

  /** Whether the character stands between quotation marks or code fences. */
  final boolean[] quoted = new boolean[CAPACITY];

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

  private final char[] window = new char[CAPACITY];
  private int end;
  private int unclosed;

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
  }

  /** The number of the last sentence. */
  int lastSentence() {
    return length == 0 ? 0 : sentences[length - 1];
  }

  /** Whether the character belongs to a word of a script that separates words. */
  static boolean inWord(char c) {
    return KINDS[c] == WORD;
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
      default -> Character.isLetterOrDigit(c) ? WORD : MARK;
    };
  }

  private void read() {
    int sentence = 0;
    int unit = 0;
    int quoteEnd = -1;
    boolean newSentence = true;
    char before = ' ';
    LineTally line = new LineTally();
    for (int i = 0; i < end; i++) {
      char c = window[i];
      if (!Letters.counts(c)) {
        continue;
      }
      boolean inQuote = i < quoteEnd;
      if (KINDS[c] == SPACE) {
        if (c == '\n') {
          newSentence = true;
          line.end(this);
        }
        if (length > 0 && chars[length - 1] != ' ') {
          put(' ', sentence, unit, inQuote);
        }
        before = ' ';
        continue;
      }
      if (newSentence) {
        sentence++;
        newSentence = false;
      }
      if (!inQuote && KINDS[c] == MARK) {
        quoteEnd = quoteEnd(i, c, before);
      }
      line.take(c, before);
      if (KINDS[c] == WORD && Character.isDigit(c)) {
        while (i + 1 < end && continuesNumber(i + 1)) {
          i++;
        }
        numbers++;
        unit += 3;
        put(NUMBER, sentence, unit, inQuote);
        before = NUMBER;
        continue;
      }
      if (eastAsian(c)) {
        unit++;
        eastAsian++;
        letters++;
      } else if (inWord(c)) {
        letters++;
        latinLetters += c < 0x250 ? 1 : 0;
        unit += inWord(before) ? 0 : 3;
      } else if (asks(c)) {
        questionMarks++;
      } else if (c == '$' && i + 1 < end && opensFormula(window[i + 1])) {
        dollars++;
      } else if (c == '’' || c == '‘') {
        c = '\'';
      }
      put(Letters.even(c), sentence, unit, inQuote);
      newSentence = endsSentence(c, i + 1);
      before = c;
    }
    line.end(this);
    endsAsking = endsAsking();
  }

  private void put(char c, int sentence, int unit, boolean inQuote) {
    chars[length] = c;
    sentences[length] = sentence;
    units[length] = unit;
    quoted[length] = inQuote;
    quotedCount += inQuote ? 1 : 0;
    length++;
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

  /** Where the quotation that opens here closes, or -1 where none opens. */
  private int quoteEnd(int i, char c, char before) {
    if (c == '`' && fenceAt(i)) {
      int fence = i + 3;
      while (fence < end && !fenceAt(fence)) {
        fence++;
      }
      return fence;
    }
    int kind = i == 0 || inWord(before) ? -1 : OPENING.indexOf(c);
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

  /** What one line of the text shows. */
  private static final class LineTally {

    private int size;
    private int lines;
    private int bars;
    private int commas;
    private char first = ' ';
    private char last = ' ';
    private boolean colonInside;

    void take(char c, char before) {
      colonInside |= last == ':' || last == '：';
      first = size == 0 ? c : first;
      last = c;
      bars += c == '|' ? 1 : 0;
      commas += c == ',' || c == '，' ? 1 : 0;
      size += before == ' ' ? 2 : 1;
    }

    void end(Excerpt excerpt) {
      if (bars >= 2 || (commas >= 3 && size < 160)) {
        excerpt.rows++;
      }
      if (size > 3 && (first == '-' || first == '*' || first == '•' || Character.isDigit(first))) {
        excerpt.items++;
      }
      excerpt.colonBlock |= last == ':' || last == '：';
      excerpt.colon |= colonInside;
      if (size > 0 && lines++ == 0) {
        excerpt.firstLineAsks = asks(last);
      }
      size = 0;
      bars = 0;
      commas = 0;
      last = ' ';
      colonInside = false;
    }
  }
}
