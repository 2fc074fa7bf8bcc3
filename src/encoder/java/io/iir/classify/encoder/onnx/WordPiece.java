package io.iir.classify.encoder.onnx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * BERT's tokens: lower case without accents, split at white space, punctuation and Han characters,
 * then each word into the longest pieces that the vocabulary has. Immutable.
 */
final class WordPiece {

  private static final int LONGEST_WORD = 100;
  private static final String INSIDE = "##";

  private final Map<String, Integer> vocabulary;
  private final int start;
  private final int separator;
  private final int unknown;

  WordPiece(Map<String, Integer> vocabulary) {
    this.vocabulary = Map.copyOf(vocabulary);
    start = id("[CLS]");
    separator = id("[SEP]");
    unknown = id("[UNK]");
  }

  private int id(String token) {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new IllegalArgumentException("The vocabulary has no " + token + ".");
    }
    return id;
  }

  /** Reads the vocabulary of a Hugging Face {@code tokenizer.json}. */
  static WordPiece read(InputStream json) throws IOException {
    Map<String, Integer> vocabulary = new HashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_OBJECT
            && "vocab".equals(parser.currentName())) {
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            vocabulary.put(parser.currentName(), parser.nextIntValue(-1));
          }
        }
      }
    }
    return new WordPiece(vocabulary);
  }

  /**
   * The ids of a text's tokens between the two marks that the model expects. Of a text of more than
   * {@code head + tail} tokens the first {@code head} and the last {@code tail}.
   */
  long[] tokens(String text, int head, int tail) {
    Ids ids = new Ids();
    // A token is mostly longer than one character: so much of a long text is enough.
    int near = (head + tail) * 16;
    if (text.length() <= 2 * near) {
      words(text, ids);
      return ids.between(start, separator, 0, head, tail);
    }
    words(text.substring(0, near), ids);
    int first = Math.min(ids.size, head);
    ids.size = first;
    words(text.substring(text.length() - near), ids);
    return ids.between(start, separator, first, first, tail);
  }

  private void words(String text, Ids ids) {
    String even = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < even.length(); ) {
      int c = even.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        pieces(word, ids);
      } else if (punctuation(c) || han(c)) {
        pieces(word, ids);
        pieces(word.appendCodePoint(c), ids);
      } else if (!dropped(c)) {
        word.appendCodePoint(c);
      }
    }
    pieces(word, ids);
  }

  private void pieces(StringBuilder word, Ids ids) {
    int length = word.length();
    int begun = ids.size;
    int from = 0;
    while (from < length && length <= LONGEST_WORD) {
      int to = length;
      Integer piece = null;
      while (to > from && (piece = vocabulary.get(piece(word, from, to))) == null) {
        to--;
      }
      if (piece == null) {
        break;
      }
      ids.add(piece);
      from = to;
    }
    if (from < length) {
      ids.size = begun;
      ids.add(unknown);
    }
    word.setLength(0);
  }

  private static String piece(StringBuilder word, int from, int to) {
    return from == 0 ? word.substring(0, to) : INSIDE + word.substring(from, to);
  }

  private static boolean dropped(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> c == 0xfffd;
    };
  }

  private static boolean punctuation(int c) {
    if (c < 128) {
      return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean han(int c) {
    return (c >= 0x3400 && c <= 0x4dbf)
        || (c >= 0x4e00 && c <= 0x9fff)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x20000 && c <= 0x2fa1f);
  }

  /** A list of ids that grows. */
  private static final class Ids {

    private long[] ids = new long[64];
    private int size;

    void add(int id) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
      }
      ids[size++] = id;
    }

    /** The first {@code head} and, of those from {@code skip} on, the last {@code tail}. */
    long[] between(int start, int separator, int skip, int head, int tail) {
      int first = Math.min(size, head);
      int last = Math.min(size - Math.max(first, skip), tail);
      long[] all = new long[first + last + 2];
      all[0] = start;
      System.arraycopy(ids, 0, all, 1, first);
      System.arraycopy(ids, size - last, all, 1 + first, last);
      all[all.length - 1] = separator;
      return all;
    }
  }
}
