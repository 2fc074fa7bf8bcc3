package io.iir.classify.encoder.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of Protocol Buffers' <a href="https://protobuf.dev/programming-guides/encoding/">wire
 * format</a> as it takes to leave fields out of a message.
 */
final class Wire {

  private static final int MORE = 0x80;
  private static final int LOW = 0x7f;
  private static final int LENGTH_DELIMITED = 2;

  private Wire() {}

  /**
   * A field in a message's bytes.
   *
   * @param number which one
   * @param start where its tag begins
   * @param from where its value begins
   * @param to behind its last byte
   */
  record Field(int number, int start, int from, int to) {

    /** The fields of the message that this field holds. */
    List<Field> fields(byte[] all) {
      return Wire.fields(all, from, to);
    }

    /** The string that this field holds. */
    String text(byte[] all) {
      return new String(all, from, to - from, StandardCharsets.UTF_8);
    }

    /** The first string of {@code number} in the message that this field holds; else empty. */
    String text(byte[] all, int number) {
      return fields(all).stream()
          .filter(field -> field.number == number)
          .map(field -> field.text(all))
          .findFirst()
          .orElse("");
    }

    /** Writes this field as it is. */
    void copy(byte[] all, ByteArrayOutputStream out) {
      out.write(all, start, to - start);
    }
  }

  /**
   * The fields from one place to another.
   *
   * @throws IllegalArgumentException if they are none
   */
  static List<Field> fields(byte[] all, int from, int to) {
    List<Field> fields = new ArrayList<>();
    int at = from;
    while (at < to) {
      int start = at;
      long tag = number(all, at);
      at = behindNumber(all, at);
      int value = at;
      at =
          switch ((int) (tag & 7)) {
            case 0 -> behindNumber(all, at);
            case 1 -> at + Long.BYTES;
            case LENGTH_DELIMITED -> {
              value = behindNumber(all, at);
              yield behindValue(value, number(all, at), to);
            }
            case 5 -> at + Integer.BYTES;
            default -> throw new IllegalArgumentException("no message at byte " + start);
          };
      if (at > to) {
        throw new IllegalArgumentException("cut short at byte " + start);
      }
      fields.add(new Field((int) (tag >>> 3), start, value, at));
    }
    return fields;
  }

  /** Writes a field that holds bytes, a string or a message. */
  static void put(ByteArrayOutputStream out, int number, byte[] value) {
    putNumber(out, (number << 3) | LENGTH_DELIMITED);
    putNumber(out, value.length);
    out.writeBytes(value);
  }

  private static void putNumber(ByteArrayOutputStream out, int number) {
    int left = number;
    while (left > LOW) {
      out.write((left & LOW) | MORE);
      left >>>= 7;
    }
    out.write(left);
  }

  /** Behind {@code to} where the value is longer than what is there. */
  private static int behindValue(int from, long length, int to) {
    return length < 0 || length > to - from ? to + 1 : from + (int) length;
  }

  private static long number(byte[] all, int from) {
    long number = 0;
    int end = Math.min(behindNumber(all, from), all.length);
    for (int at = from; at < end; at++) {
      number |= (long) (all[at] & LOW) << (7 * (at - from));
    }
    return number;
  }

  private static int behindNumber(byte[] all, int from) {
    int at = from;
    while (at < all.length && (all[at] & MORE) != 0) {
      at++;
    }
    return at + 1;
  }
}
