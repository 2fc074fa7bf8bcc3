package io.iir.backend;

import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a stream's events for the cache, given up where it is longer than its limit or there is
 * no room. Close it, to give its room back. Used by one thread at a time.
 */
public final class EventCopy implements AutoCloseable {

  /** Room is taken by so many bytes at a time, for all event loops take from the same. */
  static final int BLOCK = 4 << 10;

  /** What an event takes besides its bytes: an array's header and the reference to it. */
  private static final int OVERHEAD = 24;

  private final int limit;
  private final CopyRoom room;
  private final List<byte[]> events = new ArrayList<>();
  private long size;
  private long used;
  private long taken;
  private boolean whole = true;

  /** A copy of at most {@code limit} bytes, if {@code room} has them. */
  public EventCopy(int limit, CopyRoom room) {
    this.limit = limit;
    this.room = room;
  }

  void add(byte[] data, int offset, int length) {
    if (!whole) {
      return;
    }
    size += length;
    if (size <= limit && reserve(length + OVERHEAD)) {
      byte[] event = new byte[length];
      System.arraycopy(data, offset, event, 0, length);
      events.add(event);
    } else {
      close();
    }
  }

  private boolean reserve(int bytes) {
    used += bytes;
    long missing = used - taken;
    if (missing > 0) {
      long blocks = (missing + BLOCK - 1) / BLOCK * BLOCK;
      if (!room.take(blocks)) {
        return false;
      }
      taken += blocks;
    }
    return true;
  }

  /** Whether the copy holds all that passed. */
  public boolean whole() {
    return whole;
  }

  /** The data of each event, in order; empty if the copy was given up or is closed. */
  public List<byte[]> events() {
    return List.copyOf(events);
  }

  /** Drops the copy. */
  @Override
  public void close() {
    whole = false;
    events.clear();
    room.give(taken);
    taken = 0;
  }
}
