package io.iir.backend;

import java.util.ArrayList;
import java.util.List;

/** A copy of a stream's events, kept up to a limit for the cache. Confined to one event loop. */
public final class EventCopy {

  private final int limit;
  private final List<byte[]> events = new ArrayList<>();
  private int size;

  /** A copy of at most {@code limit} bytes. */
  public EventCopy(int limit) {
    this.limit = limit;
  }

  void add(byte[] data, int offset, int length) {
    size += length;
    if (size <= limit) {
      byte[] event = new byte[length];
      System.arraycopy(data, offset, event, 0, length);
      events.add(event);
    } else {
      events.clear();
    }
  }

  /** Whether the copy holds all that passed. */
  public boolean whole() {
    return size <= limit;
  }

  /** The data of each event, in order; empty if the stream was longer than the limit. */
  public List<byte[]> events() {
    return List.copyOf(events);
  }
}
