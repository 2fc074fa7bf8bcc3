package io.iir.api;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Takes whole server-sent events apart: the data of each, and the comments between them. Stateless.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
public final class EventReader {

  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private EventReader() {}

  /** What is made of a chat stream's events. */
  public interface Sink {
    /** A chunk, or a failure: its JSON, the sink's to keep. */
    void chunk(byte[] json);

    /** The end of a complete stream: {@code [DONE]}. */
    void done();

    /** A comment, its colon included. */
    void comment(byte[] comment);
  }

  /** Takes over {@code events} and shows them to {@code sink}. */
  public static void read(ByteBuf events, Sink sink) {
    byte[] bytes = new byte[events.readableBytes()];
    events.readBytes(bytes).release();
    int dataStart = -1;
    int dataEnd = -1;
    int line = 0;
    while (line < bytes.length) {
      int lf = indexOf(bytes, line, (byte) '\n');
      int end = lf > line && bytes[lf - 1] == '\r' ? lf - 1 : lf;
      if (end == line) {
        show(bytes, dataStart, dataEnd, sink);
        dataStart = -1;
      } else if (bytes[line] == ':') {
        sink.comment(Arrays.copyOfRange(bytes, line, end));
      } else if (isData(bytes, line, end)) {
        int from = line + 5 < end && bytes[line + 5] == ' ' ? line + 6 : line + 5;
        if (dataStart < 0) {
          dataStart = from;
          dataEnd = end;
        } else { // further lines move up behind the first: JSON has no line breaks but as blanks
          bytes[dataEnd] = '\n';
          System.arraycopy(bytes, from, bytes, dataEnd + 1, end - from);
          dataEnd += 1 + end - from;
        }
      }
      line = lf + 1;
    }
    show(bytes, dataStart, dataEnd, sink);
  }

  private static void show(byte[] bytes, int from, int end, Sink sink) {
    if (from < 0) {
      return;
    }
    int last = end;
    while (last > from && bytes[last - 1] == ' ') {
      last--;
    }
    if (Arrays.equals(bytes, from, last, DONE, 0, DONE.length)) {
      sink.done();
    } else if (last > from) {
      sink.chunk(Arrays.copyOfRange(bytes, from, last));
    }
  }

  private static boolean isData(byte[] bytes, int line, int end) {
    return end - line >= 5
        && bytes[line] == 'd'
        && bytes[line + 1] == 'a'
        && bytes[line + 2] == 't'
        && bytes[line + 3] == 'a'
        && bytes[line + 4] == ':';
  }

  private static int indexOf(byte[] bytes, int from, byte value) {
    int i = from;
    while (i < bytes.length && bytes[i] != value) {
      i++;
    }
    return i;
  }
}
