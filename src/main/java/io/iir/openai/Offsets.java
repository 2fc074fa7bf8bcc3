package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Where the value that a parser of bytes has just read lies in them. */
final class Offsets {

  private Offsets() {}

  /** The offset of the current token's first byte. */
  static int start(JsonParser in) {
    return (int) in.currentTokenLocation().getByteOffset();
  }

  /**
   * The offset behind the current token's last byte; reads a string that was left lazily unread.
   */
  static int end(JsonParser in) throws IOException {
    in.finishToken();
    return (int) in.currentLocation().getByteOffset();
  }
}
