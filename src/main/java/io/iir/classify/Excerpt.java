package io.iir.classify;

/**
 * The part of a text that is looked at, made even: lower case, one space for any run of white
 * space, one {@link #NUMBER} for any run of digits, straight apostrophes. Beside each character
 * stands where it is: its sentence, whether it is quoted, and how far from the start it is in
 * {@link #units}. Made for one call, read by one thread.
 */
final class Excerpt {

  /** How much of a long text's start is looked at, in characters. */
  static final int HEAD = 2_048;

  /** How much of a long text's end is looked at, in characters. */
  static final int TAIL = 1_024;

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
  final char[] chars;

  /** The sentence or line of each character, from 1. */
  final int[] sentences;

  /** Distance from the start: 3 for each word begun, 1 for each East Asian character. */
  final int[] units;

  /** Whether the character stands between quotation marks or code fences. */
  final boolean[] quoted;

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

  private final String window;
  private int unclosed;

  private Excerpt(String window) {
    this.window = window;
    int size = window.length();
    chars = new char[size];
    sentences = new int[size];
    units = new int[size];
    quoted = new boolean[size];
  }

  /** Reads no more than the first {@value #HEAD} and the last {@value #TAIL} characters. */
  static Excerpt of(String text) {
    int size = text.length();
    Excerpt excerpt =
        new Excerpt(
            size <= HEAD + TAIL
                ? text
                : text.substring(0, HEAD) + '\n' + text.substring(size - TAIL));
    excerpt.read();
    return excerpt;
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
    int end = window.length();
    int sentence = 0;
    int unit = 0;
    int quoteEnd = -1;
    boolean newSentence = true;
    char before = ' ';
    LineTally line = new LineTally();
    for (int i = 0; i < end; i++) {
      char c = window.charAt(i);
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
      } else if (c == '$' && i + 1 < end && opensFormula(window.charAt(i + 1))) {
        dollars++;
      } else if (c == '’' || c == '‘') {
        c = '\'';
      }
      put(Character.toLowerCase(c), sentence, unit, inQuote);
      newSentence = endsSentence(c, i + 1);
      before = c;
    }
    line.end(this);
    endsAsking = asksBefore(end);
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
    char c = window.charAt(i);
    return Character.isDigit(c)
        || ((c == '.' || c == ',')
            && i + 1 < window.length()
            && Character.isDigit(window.charAt(i + 1)));
  }

  private boolean endsSentence(char c, int next) {
    return switch (c) {
      case '.', '!', '?' -> next >= window.length() || KINDS[window.charAt(next)] == SPACE;
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

  private boolean asksBefore(int end) {
    int i = end - 1;
    while (i >= 0
        && (Character.isWhitespace(window.charAt(i)) || "\"”」)）'".indexOf(window.charAt(i)) >= 0)) {
      i--;
    }
    return i >= 0 && asks(window.charAt(i));
  }

  /** Where the quotation that opens here closes, or -1 where none opens. */
  private int quoteEnd(int i, char c, char before) {
    if (c == '`' && window.startsWith("```", i)) {
      int end = window.indexOf("```", i + 3);
      return end < 0 ? window.length() : end;
    }
    int kind = i == 0 || inWord(before) ? -1 : OPENING.indexOf(c);
    if (kind < 0 || (unclosed & (1 << kind)) != 0) {
      return -1;
    }
    char closing = CLOSING.charAt(kind);
    int end = window.indexOf(closing, i + 1);
    while (closing == '\''
        && end >= 0
        && end + 1 < window.length()
        && inWord(window.charAt(end + 1))) {
      end = window.indexOf(closing, end + 1);
    }
    if (end < 0) {
      unclosed |= 1 << kind;
    }
    return end > i + 1 ? end : -1;
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
