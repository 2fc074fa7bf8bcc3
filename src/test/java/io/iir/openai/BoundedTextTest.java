package io.iir.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedTextTest {

  private static final int HALF = ChatRequest.MAX_TEXT / 2;

  private static String of(String... parts) {
    BoundedText text = new BoundedText();
    for (String part : parts) {
      text.add(part.toCharArray(), 0, part.length());
    }
    return text.toString();
  }

  @Test
  void joinsShortTextsByLineBreaks() {
    assertThat(of("a", "b")).isEqualTo("a\nb");
    assertThat(of()).isEmpty();
    String whole = "x".repeat(ChatRequest.MAX_TEXT);
    assertThat(of(whole)).isEqualTo(whole);
  }

  @Test
  void keepsBothEndsOfALongText() {
    String long14k = "a".repeat(7_000) + "b".repeat(7_000);
    assertThat(of(long14k)).isEqualTo("a".repeat(HALF) + "b".repeat(HALF));
    assertThat(of("a".repeat(HALF), "-".repeat(9_000), "b".repeat(HALF)))
        .isEqualTo("a".repeat(HALF) + "b".repeat(HALF));
    assertThat(of("a".repeat(20_000), "?")).startsWith("aa").endsWith("a\n?").hasSize(2 * HALF);
  }

  @Test
  void cutsBetweenCodePoints() {
    for (int shift = 0; shift < 2; shift++) {
      String text = of("x".repeat(shift) + "😀".repeat(9_000));
      assertThat(text.length()).isBetween(ChatRequest.MAX_TEXT - 2, ChatRequest.MAX_TEXT);
      assertThat(text.codePoints().filter(c -> c >= 0xd800 && c <= 0xdfff)).isEmpty();
    }
  }
}
