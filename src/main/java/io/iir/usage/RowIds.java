package io.iir.usage;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the ids of rows: 63 bits that grow with time, and always within a process. From the left:
 * 41 bits of milliseconds since 2020, 10 bits of the process, 12 bits that count within a
 * millisecond. Where a millisecond has no more, or the clock goes back, the next ones are used
 * before their time. Thread-safe, never blocks.
 *
 * <p>Two processes may have the same 10 bits: a row is told from all others by its id and its
 * journal together.
 */
public final class RowIds {

  /** 2020-01-01T00:00:00Z. */
  private static final long EPOCH = 1_577_836_800_000L;

  private static final int SEQUENCE_BITS = 12;
  private static final int NODE_BITS = 10;
  private static final long MOST_MILLIS = (1L << 41) - 1;
  private static final int SHIFT = SEQUENCE_BITS + NODE_BITS;
  private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

  private final Clock clock;
  private final long node;

  /** Milliseconds and sequence of the last id, without the process between them. */
  private final AtomicLong last = new AtomicLong();

  /** Ids of the process {@code node}, of which the lowest bits count. */
  public RowIds(Clock clock, long node) {
    this.clock = clock;
    this.node = (node & ((1L << NODE_BITS) - 1)) << SEQUENCE_BITS;
  }

  /** The next id, greater than all that this has made before. */
  public long next() {
    long now = (clock.millis() - EPOCH) << SEQUENCE_BITS;
    long made = last.updateAndGet(before -> Math.max(before + 1, now));
    return ((made >> SEQUENCE_BITS) << SHIFT) | node | (made & SEQUENCE_MASK);
  }

  /** The least id that is made at {@code epochMillis} or later; 0 for times before 2020. */
  public static long least(long epochMillis) {
    return Math.clamp(epochMillis - EPOCH, 0, MOST_MILLIS) << SHIFT;
  }

  /** When {@code id} was made, in milliseconds since 1970. */
  public static long millis(long id) {
    return (id >> SHIFT) + EPOCH;
  }
}
