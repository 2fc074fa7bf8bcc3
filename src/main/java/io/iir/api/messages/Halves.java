package io.iir.api.messages;

/**
 * Keeps the halves of characters together that a server has cut between two chunks: JSON allows
 * half a surrogate pair, UTF-8 does not. A half that stays alone becomes U+FFFD. For one stream.
 */
final class Halves {

  private static final char UNKNOWN = '\uFFFD';

  private char first;

  /** {@code piece} with the half that was kept before it, and without one at its end. */
  String join(CharSequence piece) {
    StringBuilder text = new StringBuilder(piece.length() + 1);
    if (first != 0) {
      text.append(first);
      first = 0;
    }
    text.append(piece);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)) {
        if (i + 1 == text.length()) {
          first = c;
          text.setLength(i);
        } else if (Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          text.setCharAt(i, UNKNOWN);
        }
      } else if (Character.isLowSurrogate(c)) {
        text.setCharAt(i, UNKNOWN);
      }
    }
    return text.toString();
  }

  /** Forgets a half whose other one did not come. */
  void drop() {
    first = 0;
  }
}
