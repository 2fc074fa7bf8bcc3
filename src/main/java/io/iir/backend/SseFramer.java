package io.iir.backend;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into server-sent events and shows the data of each to a tap. Whole events go
 * on at once, uncopied where nothing is taken out; the beginning of one waits for its end.
 *
 * <p>Confined to one event loop.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
public final class SseFramer {

  /** An event longer than this is no chat answer: 8 MiB. */
  static final int MAX_EVENT = 8 << 20;

  private static final byte[] EMPTY = new byte[0];
  private static final int FIRST_SCRATCH = 1024;
  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

  /** Decides what becomes of an event. */
  public interface Inspector {
    /** Whether the event whose data is {@code length} bytes from {@code offset} goes on. */
    boolean passes(byte[] data, int offset, int length);
  }

  private final Inspector inspector;
  private byte[] scratch = EMPTY; // most calls see no event
  private @Nullable ByteBuf partial;
  private int scanned;

  public SseFramer(Inspector inspector) {
    this.inspector = inspector;
  }

  /**
   * Takes over {@code bytes} and answers the whole events that may go on, or null if there are
   * none.
   *
   * @throws IllegalStateException if an event is longer than {@link #MAX_EVENT}
   */
  public @Nullable ByteBuf feed(ByteBuf bytes) {
    boolean ours = partial != null;
    ByteBuf all = join(bytes);
    int runStart = all.readerIndex();
    int eventStart = runStart;
    ByteBuf out = null;
    int from = runStart + scanned;
    int boundary;
    while ((boundary = endOfEvent(all, from)) >= 0) {
      if (!inspect(all, eventStart, boundary)) {
        out = append(out, all, runStart, eventStart);
        runStart = boundary;
      }
      eventStart = boundary;
      from = boundary;
    }
    if (all.writerIndex() - eventStart > MAX_EVENT) {
      ReferenceCountUtil.release(out);
      all.release();
      throw new IllegalStateException("an event is longer than " + MAX_EVENT + " bytes");
    }
    if (ours && eventStart == all.readerIndex()) {
      keepAll(all);
      return null;
    }
    return split(all, out, runStart, eventStart);
  }

  /** Drops the beginning of an event that will have no end. */
  public void close() {
    if (partial != null) {
      partial.release();
      partial = null;
    }
  }

  private ByteBuf join(ByteBuf bytes) {
    ByteBuf before = partial;
    if (before == null) {
      scanned = 0;
      return bytes;
    }
    partial = null;
    before.writeBytes(bytes);
    bytes.release();
    return before;
  }

  private @Nullable ByteBuf split(ByteBuf all, @Nullable ByteBuf out, int runStart, int eventEnd) {
    int rest = all.writerIndex() - eventEnd;
    if (rest == 0 && out == null && runStart == all.readerIndex() && eventEnd > runStart) {
      return all;
    }
    if (rest > 0) {
      keep(all, eventEnd, rest);
    }
    ByteBuf result = append(out, all, runStart, eventEnd);
    all.release();
    return result;
  }

  private void keep(ByteBuf all, int index, int length) {
    keepAll(all.alloc().buffer(Math.max(256, length * 2)).writeBytes(all, index, length));
  }

  private void keepAll(ByteBuf beginning) {
    partial = beginning;
    // The last three bytes may be the beginning of the blank line that ends an event.
    scanned = Math.max(0, beginning.readableBytes() - 3);
  }

  private static @Nullable ByteBuf append(@Nullable ByteBuf out, ByteBuf from, int start, int end) {
    if (end == start) {
      return out;
    }
    ByteBuf to = out == null ? from.alloc().buffer(end - start) : out;
    return to.writeBytes(from, start, end - start);
  }

  /** The index after the next blank line from {@code from}, or -1. */
  private static int endOfEvent(ByteBuf buf, int from) {
    int end = buf.writerIndex();
    int index = from;
    while (index < end) {
      int lf = buf.indexOf(index, end, (byte) '\n');
      if (lf < 0 || lf + 1 >= end) {
        return -1;
      }
      byte next = buf.getByte(lf + 1);
      if (next == '\n') {
        return lf + 2;
      }
      if (next == '\r' && lf + 2 < end && buf.getByte(lf + 2) == '\n') {
        return lf + 3;
      }
      index = lf + 1;
    }
    return -1;
  }

  /** Shows the event's data lines, joined by line feeds, to the inspector. */
  private boolean inspect(ByteBuf buf, int start, int end) {
    int length = -1;
    int line = start;
    while (line < end) {
      int lf = buf.indexOf(line, end, (byte) '\n');
      int stop = lf > line && buf.getByte(lf - 1) == '\r' ? lf - 1 : lf;
      if (startsWithData(buf, line, stop)) {
        int from = line + DATA.length;
        if (from < stop && buf.getByte(from) == ' ') {
          from++;
        }
        length = length < 0 ? 0 : addByte(length, (byte) '\n');
        length = addBytes(length, buf, from, stop - from);
      }
      line = lf + 1;
    }
    return length < 0 || inspector.passes(scratch, 0, length);
  }

  private static boolean startsWithData(ByteBuf buf, int start, int end) {
    if (end - start < DATA.length) {
      return false;
    }
    for (int i = 0; i < DATA.length; i++) {
      if (buf.getByte(start + i) != DATA[i]) {
        return false;
      }
    }
    return true;
  }

  private int addByte(int length, byte value) {
    ensure(length + 1);
    scratch[length] = value;
    return length + 1;
  }

  private int addBytes(int length, ByteBuf from, int index, int count) {
    ensure(length + count);
    from.getBytes(index, scratch, length, count);
    return length + count;
  }

  private void ensure(int capacity) {
    if (capacity > scratch.length) {
      int longer = Math.max(FIRST_SCRATCH, scratch.length * 2);
      scratch = Arrays.copyOf(scratch, Math.max(capacity, longer));
    }
  }
}
