package io.iir.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The checks of a JSON text's bytes that a JSON parser leaves out: that they are UTF-8 as Unicode's
 * Table 3-7 has it (no overlong form, no surrogate, nothing above U+10FFFF), without a byte order
 * mark, and that every escaped surrogate has its other half.
 *
 * <p>One pass; eight bytes at a time where they are ASCII without a backslash.
 *
 * @see <a href="https://www.unicode.org/versions/latest/core-spec/chapter-3/">Unicode, chapter
 *     3</a>
 */
final class JsonText {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;
  private static final long BACKSLASHES = ONES * '\\';

  private final byte[] text;

  private JsonText(byte[] text) {
    this.text = text;
  }

  /**
   * Returns if {@code text} may be given to a JSON parser.
   *
   * @throws ApiException 400 {@code invalid_json} if not
   */
  static void check(byte[] text) {
    JsonText check = new JsonText(text);
    check.encoding();
    check.characters();
  }

  private void encoding() {
    if (at(0) == 0xEF && at(1) == 0xBB && at(2) == 0xBF) {
      throw ApiException.invalidJson(
          "The body begins with a byte order mark (bytes EF BB BF): send UTF-8 without one.");
    }
    for (int i = 0; i < Math.min(4, text.length); i++) {
      if (text[i] == 0) {
        throw ApiException.invalidJson(
            "The body has a zero byte at offset %d, as UTF-16 and UTF-32 do: send UTF-8."
                .formatted(i));
      }
    }
  }

  private void characters() {
    int i = 0;
    while (i < text.length) {
      if (i + Long.BYTES <= text.length && isPlain((long) LONG.get(text, i))) {
        i += Long.BYTES;
      } else if (text[i] < 0) {
        i += sequence(i);
      } else if (text[i] == '\\') {
        i += escape(i);
      } else {
        i++;
      }
    }
  }

  /** Whether all eight bytes are ASCII and none is a backslash. */
  private static boolean isPlain(long bytes) {
    long backslash = bytes ^ BACKSLASHES;
    return ((bytes | ((backslash - ONES) & ~backslash)) & HIGH_BITS) == 0;
  }

  /** The length of the multi-byte character at {@code i}. */
  private int sequence(int i) {
    int lead = at(i);
    int second = at(i + 1);
    int length;
    boolean secondFits;
    if (lead >= 0xC2 && lead <= 0xDF) {
      length = 2;
      secondFits = isTail(second);
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      length = 3;
      int low = lead == 0xE0 ? 0xA0 : 0x80;
      int high = lead == 0xED ? 0x9F : 0xBF;
      secondFits = second >= low && second <= high;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      length = 4;
      int low = lead == 0xF0 ? 0x90 : 0x80;
      int high = lead == 0xF4 ? 0x8F : 0xBF;
      secondFits = second >= low && second <= high;
    } else {
      throw notUtf8(i);
    }
    if (!secondFits || (length > 2 && !isTail(at(i + 2))) || (length > 3 && !isTail(at(i + 3)))) {
      throw notUtf8(i);
    }
    return length;
  }

  /** The length of the escape at {@code i}; a malformed one is left to the parser. */
  private int escape(int i) {
    if (at(i + 1) != 'u') {
      return 2;
    }
    int unit = hex(i + 2);
    if (unit < 0 || !Character.isSurrogate((char) unit)) {
      return 2;
    }
    boolean paired =
        Character.isHighSurrogate((char) unit)
            && at(i + 6) == '\\'
            && at(i + 7) == 'u'
            && hex(i + 8) >= Character.MIN_LOW_SURROGATE
            && hex(i + 8) <= Character.MAX_LOW_SURROGATE;
    if (!paired) {
      throw ApiException.invalidJson(
          ("The body has half a surrogate pair, \\u%04x, at byte offset %d:"
                  + " escape both halves, or send the character itself as UTF-8.")
              .formatted(unit, i));
    }
    return 12;
  }

  /** The value of the four hexadecimal digits at {@code i}, negative if they are not all there. */
  private int hex(int i) {
    int value = 0;
    for (int j = i; j < i + 4; j++) {
      int digit = Character.digit(at(j), 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** The byte at {@code i} as 0..255, or 0 behind the end. */
  private int at(int i) {
    return i < text.length ? text[i] & 0xFF : 0;
  }

  private static boolean isTail(int value) {
    return (value & 0xC0) == 0x80;
  }

  private ApiException notUtf8(int i) {
    return ApiException.invalidJson(
        "The body is not valid UTF-8: byte 0x%02X at offset %d. Encode it as UTF-8."
            .formatted(at(i), i));
  }
}
