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

  /** Adds the beginning of {@code other}, as far as a context is long. */
  void addContext(BoundedText other) {
    if (!text.isEmpty() && text.length() < ChatRequest.MAX_CONTEXT) {
      text.append('\n');
    }
    int room = Math.max(0, ChatRequest.MAX_CONTEXT - text.length());
    text.append(other.text, 0, Math.min(other.text.length(), room));
  }

  /** The beginning, as long as a context is. */
  String context() {
    return cut(ChatRequest.MAX_CONTEXT);
  }

  void clear() {
    text.setLength(0);
  }

  @Override
  public String toString() {
    return cut(ChatRequest.MAX_TEXT);
  }

  private String cut(int most) {
    int end = Math.min(most, text.length());
    if (end == most && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }
}
