package io.iir.throttle.shared;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The words of a call to Redis, put together one by one. Used by one thread. */
final class Words {

  static final byte[] NONE = {};

  private static final int CACHED = 1024;
  private static final byte[][] SMALL = small();

  private final List<byte[]> words;

  Words(int expected) {
    words = new ArrayList<>(expected);
  }

  private static byte[][] small() {
    byte[][] small = new byte[CACHED + 1][];
    for (int i = 0; i <= CACHED; i++) {
      small[i] = of(Integer.toString(i - 1));
    }
    return small;
  }

  /** Text as Redis takes it. */
  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  Words add(byte[] word) {
    words.add(word);
    return this;
  }

  Words add(String text) {
    return add(of(text));
  }

  Words add(long number) {
    return add(
        number >= -1 && number < CACHED ? SMALL[(int) number + 1] : of(Long.toString(number)));
  }

  Words addAll(Words more) {
    words.addAll(more.words);
    return this;
  }

  int size() {
    return words.size();
  }

  byte[][] all() {
    return words.toArray(byte[][]::new);
  }
}
