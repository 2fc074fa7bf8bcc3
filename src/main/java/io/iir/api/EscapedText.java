package io.iir.api;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A JSON string that grows by pieces, which are added and written as they stand, escapes and all,
 * without being decoded. Not thread-safe.
 */
public final class EscapedText {

  /** More than this is no answer: 64 MiB, as for whole answers. */
  public static final int MAX = 64 << 20;

  private byte[] inner = new byte[64];
  private int length;

  /**
   * Adds a string.
   *
   * @throws IllegalStateException if that makes it longer than {@link #MAX}
   */
  public void add(RawJson string) {
    int more = string.end() - string.start() - 2;
    if (more > MAX - length) {
      throw new IllegalStateException("a text of the answer is longer than " + MAX + " bytes");
    }
    if (length + more > inner.length) {
      inner = Arrays.copyOf(inner, Math.max(length + more, inner.length * 2));
    }
    System.arraycopy(string.source(), string.start() + 1, inner, length, more);
    length += more;
  }

  /** Forgets all of it. */
  public void clear() {
    length = 0;
  }

  /** Whether nothing has been added. */
  public boolean isEmpty() {
    return length == 0;
  }

  /** Writes it with its quotes. */
  public void writeTo(ByteBuf out) {
    out.writeByte('"').writeBytes(inner, 0, length).writeByte('"');
  }
}
