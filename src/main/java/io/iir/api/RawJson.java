package io.iir.api;

import com.fasterxml.jackson.core.JsonParser;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Arrays;

/**
 * A JSON value as it stands in a text: copied from form to form without being decoded. Holds on to
 * all of the text.
 *
 * @param source the text, UTF-8
 * @param start the offset of the value's first byte
 * @param end the offset behind its last byte
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
public record RawJson(byte[] source, int start, int end) {

  /** The value that {@code in}, a parser of {@code source}, is at, read to its end. */
  static RawJson of(JsonParser in, byte[] source) throws IOException {
    int start = (int) in.currentTokenLocation().getByteOffset();
    in.skipChildren();
    in.finishToken();
    return new RawJson(source, start, (int) in.currentLocation().getByteOffset());
  }

  /** Whether there is nothing in it: an empty string, array or object without blanks. */
  public boolean isEmpty() {
    return end - start <= 2;
  }

  /** A copy of it. */
  public byte[] bytes() {
    return Arrays.copyOfRange(source, start, end);
  }

  /** Writes it. */
  public void writeTo(ByteBuf out) {
    out.writeBytes(source, start, end - start);
  }
}
