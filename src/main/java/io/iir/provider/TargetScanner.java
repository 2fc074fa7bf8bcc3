package io.iir.provider;

import org.jspecify.annotations.Nullable;

/** Reads a text of the targets' language piece by piece. For one use, by one thread. */
final class TargetScanner {

  private static final String ENDS_WORDS = " \t\r\n,()\"";

  private final String text;
  private int at;

  TargetScanner(String text) {
    this.text = text;
  }

  int at() {
    return at;
  }

  void goTo(int place) {
    at = place;
  }

  /** Whether there is nothing more but space. */
  boolean isAtEnd() {
    skipSpace();
    return at == text.length();
  }

  boolean isNext(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  /** Goes on behind {@code c} if it comes next, with space before it or not. */
  boolean accept(char c) {
    skipSpace();
    if (isNext(c)) {
      at++;
      return true;
    }
    return false;
  }

  void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  /** What comes up to a space, comma, bracket or quote; may be empty. */
  String word() {
    int start = at;
    while (at < text.length() && ENDS_WORDS.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  /** Letters, digits, dashes and underscores; may be empty. */
  String letters() {
    int start = at;
    while (at < text.length() && isLetter(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isLetter(char c) {
    return Character.isLetterOrDigit(c) || c == '-' || c == '_';
  }

  /** The operator that comes next, with space before it or not; null: none. */
  @Nullable Operator operator() {
    skipSpace();
    for (Operator operator : Operator.values()) {
      if (text.startsWith(operator.sign(), at)) {
        at += operator.sign().length();
        return operator;
      }
    }
    return null;
  }

  /** What stands between the quote that comes next and the one after it. */
  String quoted() {
    int end = text.indexOf('"', at + 1);
    if (end < 0) {
      throw expected("a closing '\"'", null);
    }
    String word = text.substring(at + 1, end);
    at = end + 1;
    return word;
  }

  /** Something else should come next. */
  TargetSyntaxException expected(String what, @Nullable String hint) {
    return wrong(at, "expected " + what, hint);
  }

  /** It is wrong at {@code place}, counted from 0. */
  TargetSyntaxException wrong(int place, String message, @Nullable String hint) {
    return new TargetSyntaxException(place + 1, message, hint);
  }
}
