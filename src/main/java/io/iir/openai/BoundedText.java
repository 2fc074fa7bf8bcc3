package io.iir.openai;

/**
 * Texts joined by line breaks, cut to {@value ChatRequest#MAX_TEXT} characters between code points.
 * Not thread-safe.
 */
final class BoundedText {

  private final StringBuilder text = new StringBuilder();

  /** Adds the next text. */
  void add(char[] chars, int offset, int length) {
    if (!text.isEmpty() && text.length() < ChatRequest.MAX_TEXT) {
      text.append('\n');
    }
    text.append(chars, offset, Math.min(length, ChatRequest.MAX_TEXT - text.length()));
  }

  void clear() {
    text.setLength(0);
  }

  @Override
  public String toString() {
    int end = text.length();
    if (end == ChatRequest.MAX_TEXT && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }
}
