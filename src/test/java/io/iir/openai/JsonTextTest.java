package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @Test
  void agreesWithTheJdkOnEveryTwoBytesAndOnManyFours() {
    for (int pair = 0; pair < 0x10000; pair++) {
      agree(new byte[] {'a', 'b', 'c', 'd', (byte) (pair >> 8), (byte) pair});
    }
    Random random = new Random(1);
    byte[] edges = {
      0x7F,
      (byte) 0x80,
      (byte) 0x8F,
      (byte) 0x90,
      (byte) 0x9F,
      (byte) 0xA0,
      (byte) 0xBF,
      (byte) 0xC1,
      (byte) 0xC2,
      (byte) 0xDF,
      (byte) 0xE0,
      (byte) 0xED,
      (byte) 0xEF,
      (byte) 0xF0,
      (byte) 0xF4,
      (byte) 0xF5,
      'a',
      'z'
    };
    for (int i = 0; i < 200_000; i++) {
      byte[] text = new byte[5 + random.nextInt(12)];
      for (int j = 0; j < text.length; j++) {
        text[j] = j < 4 ? (byte) 'x' : edges[random.nextInt(edges.length)];
      }
      agree(text);
    }
  }

  private static void agree(byte[] text) {
    if (new String(text, UTF_8).indexOf('\\') >= 0) {
      return;
    }
    boolean valid;
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      valid = true;
    } catch (CharacterCodingException e) {
      valid = false;
    }
    boolean accepted;
    try {
      JsonText.check(text);
      accepted = true;
    } catch (ApiException e) {
      accepted = false;
    }
    assertThat(accepted).as(() -> HexFormat.of().formatHex(text)).isEqualTo(valid);
  }

  @Test
  void namesTheOffsetOfABadByte() {
    byte[] text = "{\"a\":\"0123456789 é\"}".getBytes(UTF_8);
    text[17] = (byte) 0xFF;
    assertThatThrownBy(() -> JsonText.check(text))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("0xFF at offset 17");
  }

  @Test
  void refusesByteOrderMarksAndWiderEncodings() {
    assertThatThrownBy(() -> JsonText.check("\uFEFF{}".getBytes(UTF_8)))
        .hasMessageContaining("byte order mark");
    assertThatThrownBy(() -> JsonText.check("{\"a\":1}".getBytes(UTF_16LE)))
        .hasMessageContaining("UTF-16");
    assertThatThrownBy(() -> JsonText.check(new byte[] {0, 0, 0, '{'}))
        .hasMessageContaining("offset 0");
    assertThatThrownBy(() -> JsonText.check(new byte[] {(byte) 0xFF, (byte) 0xFE, '{', 0}))
        .isInstanceOf(ApiException.class);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          `{"a":"\\ud800"}`, 6
          `{"a":"\\udc00"}`, 6
          `{"a":"\\uD83D\\u0041"}`, 6
          `{"a":"\\ud83d\\ud83d\\ude00"}`, 6
          `{"a":"\\ud83d x"}`, 6
          `{"a":"\\\\\\ud83d"}`, 8
          `{"a":"01234567890\\ude00"}`, 17
          """)
  void refusesHalfASurrogatePair(String json, int offset) {
    assertThatThrownBy(() -> JsonText.check(json.getBytes(UTF_8)))
        .hasMessageContaining("half a surrogate pair")
        .hasMessageContaining("offset " + offset + ":");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\\ud83d\\ude00\"}",
        "{\"a\":\"\\\\ud800\"}",
        "{\"a\":\"\\u00e9\\n\\\\\\\\ud800\"}",
        "{\"a\":\"\\uZZZZ\"}",
        "{\"a\":\"\\u",
        "{\"a\":\"\\",
        "{\"a\":\"😀 é 漢\"}",
        ""
      })
  void leavesTheRestToTheParser(String json) {
    assertThatCode(() -> JsonText.check(json.getBytes(UTF_8))).doesNotThrowAnyException();
  }
}
