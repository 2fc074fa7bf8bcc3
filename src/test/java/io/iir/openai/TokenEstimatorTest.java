package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEstimatorTest {

  /** An estimate of {@code text} on its own. */
  static int estimate(String text) {
    TokenEstimator estimator = new TokenEstimator();
    estimator.add(text.toCharArray(), 0, text.length());
    return estimator.tokens();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Hello, world!                                | 4
          The quick brown fox jumps over the lazy dog. | 10
          a                                            | 1
          123                                          | 1
          1234567                                      | 3
          """)
  void isExactOnPlainTexts(String text, int cl100k) {
    assertThat(estimate(text)).isEqualTo(cl100k);
  }

  /** Between half and one and a half times what cl100k_base makes of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          internationalization                                     | 2
          I don't think it's what we've said.                      | 11
          今天天气很好，我们去公园散步吧。                            | 20
          こんにちは、世界。お元気ですか？                            | 12
          안녕하세요 세계, 오늘 날씨가 좋네요.                         | 25
          Привет, мир! Как у тебя дела сегодня?                    | 20
          مرحبا بالعالم، كيف حالك اليوم؟                            | 23
          Καλημέρα κόσμε, τι κάνεις σήμερα;                        | 30
          Où est la bibliothèque française, s'il vous plaît ?      | 16
          3.14159265358979 and 1234567890                          | 13
          😀🎉🚀👍                                                  | 11
          {"name":"get_weather","parameters":{"type":"object"}}    | 13
          """)
  void isNearOnHarderTexts(String text, int cl100k) {
    assertThat(estimate(text)).isBetween(cl100k / 2, cl100k + Math.ceilDiv(cl100k, 2));
  }

  @Test
  void blanksCostLittle() {
    assertThat(estimate("")).isZero();
    assertThat(estimate(" ")).isZero();
    assertThat(estimate("    ")).isEqualTo(1);
    assertThat(estimate("\n")).isEqualTo(1);
    assertThat(estimate(" \n\n  ")).isEqualTo(1);
    assertThat(estimate("a b")).isEqualTo(2);
    assertThat(estimate("a\n    b")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Hello, world! 12345 times   over\n\n  indented {\"a\":[1,2]}",
        "漢字かな交じり文, mixed with latin – and 😀 emoji, Привет é",
        "supercalifragilisticexpialidocious!!!!!!!??"
      })
  void doesNotDependOnTheCutsOrTheEncoding(String text) {
    int whole = estimate(text);
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      TokenEstimator chars = new TokenEstimator();
      TokenEstimator bytes = new TokenEstimator();
      int from = 0;
      while (from < text.length()) {
        int to = Math.min(text.length(), from + random.nextInt(4));
        if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
          to++;
        }
        chars.add(text.toCharArray(), from, to - from);
        byte[] utf8 = ("#" + text.substring(from, to) + "#").getBytes(UTF_8);
        bytes.addUtf8(utf8, 1, utf8.length - 2);
        from = to;
      }
      assertThat(chars.tokens()).isEqualTo(whole);
      assertThat(bytes.tokens()).isEqualTo(whole);
    }
  }

  @Test
  void anEndedTextIsNotContinued() {
    TokenEstimator estimator = new TokenEstimator();
    char[] half = "abc".toCharArray();
    estimator.add(half, 0, 3);
    estimator.add(half, 0, 3);
    assertThat(estimator.tokens()).isEqualTo(1);
    estimator.endText();
    estimator.add(half, 0, 3);
    assertThat(estimator.tokens()).isEqualTo(2);
    estimator.addMessage();
    estimator.addImage();
    assertThat(estimator.tokens()).isEqualTo(2 + TokenEstimator.MESSAGE + TokenEstimator.IMAGE);
    estimator.reset();
    assertThat(estimator.tokens()).isZero();
  }

  @Test
  void survivesBytesThatAreNoUtf8() {
    Random random = new Random(9);
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      TokenEstimator estimator = new TokenEstimator();
      estimator.addUtf8(bytes, 0, bytes.length);
      assertThat(estimator.tokens()).isBetween(0, 2 * bytes.length);
    }
  }
}
