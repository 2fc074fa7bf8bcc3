package io.iir.api.messages;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Reads server-sent events out of pieces that may be cut anywhere. Not thread-safe.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class EventReader {

  /** What becomes of events. */
  interface Listener {
    /** The data of an event. */
    void data(byte[] bytes, int offset, int length);

    /** A comment, which says nothing but that the stream is alive. */
    void comment();
  }

  private static final byte[] NOTHING = {};

  private final Listener listener;
  private byte[] rest = NOTHING;

  EventReader(Listener listener) {
    this.listener = listener;
  }

  /** Tells the listener of the events that are whole with {@code piece}, which is not released. */
  void read(ByteBuf piece) {
    int before = rest.length;
    byte[] bytes = Arrays.copyOf(rest, before + piece.readableBytes());
    piece.getBytes(piece.readerIndex(), bytes, before, piece.readableBytes());
    int event = 0;
    int line = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        if (isBlank(bytes, line, i)) {
          event(bytes, event, i + 1);
          event = i + 1;
        }
        line = i + 1;
      }
    }
    rest = event == bytes.length ? NOTHING : Arrays.copyOfRange(bytes, event, bytes.length);
  }

  /** Drops the beginning of an event. */
  void close() {
    rest = NOTHING;
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    return from == to || (to - from == 1 && bytes[from] == '\r');
  }

  private void event(byte[] bytes, int from, int to) {
    int dataFrom = -1;
    int dataTo = -1;
    ByteArrayOutputStream several = null;
    int line = from;
    for (int i = from; i < to; i++) {
      if (bytes[i] != '\n') {
        continue;
      }
      int end = i > line && bytes[i - 1] == '\r' ? i - 1 : i;
      if (end > line && bytes[line] == ':') {
        listener.comment();
      } else if (isData(bytes, line, end)) {
        if (dataFrom >= 0 && several == null) {
          several = new ByteArrayOutputStream();
          several.write(bytes, dataFrom, dataTo - dataFrom);
        }
        dataFrom = line + 5 < end && bytes[line + 5] == ' ' ? line + 6 : line + 5;
        dataTo = end;
        if (several != null) {
          several.write('\n');
          several.write(bytes, dataFrom, dataTo - dataFrom);
        }
      }
      line = i + 1;
    }
    if (several != null) {
      listener.data(several.toByteArray(), 0, several.size());
    } else if (dataFrom >= 0) {
      listener.data(bytes, dataFrom, dataTo - dataFrom);
    }
  }

  private static boolean isData(byte[] bytes, int from, int to) {
    return to - from >= 5
        && bytes[from] == 'd'
        && bytes[from + 1] == 'a'
        && bytes[from + 2] == 't'
        && bytes[from + 3] == 'a'
        && bytes[from + 4] == ':';
  }
}
