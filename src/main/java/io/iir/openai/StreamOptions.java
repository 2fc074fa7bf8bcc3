package io.iir.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * The field {@code stream_options} of a request: whether it asks for usage, and where to write that
 * it does.
 */
final class StreamOptions {

  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FIRST_MEMBER = "\"include_usage\":true".getBytes(US_ASCII);
  private static final byte[] MEMBER = "\"include_usage\":true,".getBytes(US_ASCII);
  private static final byte[] OBJECT = "{\"include_usage\":true}".getBytes(US_ASCII);
  private static final byte[] FIELD =
      ",\"stream_options\":{\"include_usage\":true}".getBytes(US_ASCII);

  /** A request without the field. */
  static final StreamOptions ABSENT = new StreamOptions(FIELD, -1, -1, false);

  private final byte[] change;
  private final int start;
  private final int end;
  private final boolean usage;

  private StreamOptions(byte[] change, int start, int end, boolean usage) {
    this.change = change;
    this.start = start;
    this.end = end;
    this.usage = usage;
  }

  /** The field with the value null, which is at the parser. */
  static StreamOptions ofNull(JsonParser in) {
    int start = Offsets.start(in);
    return new StreamOptions(OBJECT, start, start + "null".length(), false);
  }

  /** The field with an object as its value, at whose start the parser is; read to its end. */
  static StreamOptions read(JsonParser in) throws IOException {
    int inside = Offsets.start(in) + 1;
    StreamOptions found = null;
    boolean empty = true;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      empty = false;
      String name = in.currentName();
      JsonToken value = in.nextToken();
      int start = Offsets.start(in);
      in.skipChildren();
      if (name.equals("include_usage")) {
        boolean usage = value == JsonToken.VALUE_TRUE;
        found = new StreamOptions(TRUE, start, Offsets.end(in), usage);
      }
    }
    if (found != null) {
      return found;
    }
    return new StreamOptions(empty ? FIRST_MEMBER : MEMBER, inside, inside, false);
  }

  boolean includesUsage() {
    return usage;
  }

  /** Makes the request ask for usage; an absent field is added at {@code otherwise}. */
  void addUsage(Splice splice, int otherwise) {
    if (start < 0) {
      splice.replace(otherwise, otherwise, change);
    } else {
      splice.replace(start, end, change);
    }
  }
}
