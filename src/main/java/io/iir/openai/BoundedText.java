package io.iir.openai;

/**
 * Texts joined by line breaks. Of more than {@value ChatRequest#MAX_TEXT} characters the first and
 * the last half of as many are kept, cut between code points: what is asked for stands at either
 * end of a long text. Not thread-safe.
 */
final class BoundedText {

  private static final int HALF = ChatRequest.MAX_TEXT / 2;

  private final StringBuilder text = new StringBuilder();

  /** Adds the next text. */
  void add(char[] chars, int offset, int length) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    if (length > ChatRequest.MAX_TEXT) {
      text.append(chars, offset, HALF + 1).append(chars, offset + length - HALF, HALF);
    } else {
      text.append(chars, offset, length);
    }
    if (text.length() > ChatRequest.MAX_TEXT) {
      cutMiddle();
    }
  }

  private void cutMiddle() {
    int from = HALF;
    int to = text.length() - HALF;
    if (Character.isHighSurrogate(text.charAt(from - 1))) {
      from--;
    }
    if (Character.isLowSurrogate(text.charAt(to))) {
      to++;
    }
    text.delete(from, to);
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
