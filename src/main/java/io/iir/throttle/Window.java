package io.iir.throttle;

import java.util.Arrays;

/**
 * How much was used within the last minute, in slots of a second. A slot counts until all of it is
 * over 60 seconds old, so that in no 60 seconds more passes than a limit says; it may count up to a
 * second too long. What was used beyond a limit, in debt, ends as all else does, when its slots do.
 *
 * <p>Slots are named by the second that they begin with. Not thread-safe: its owner locks.
 */
final class Window {

  /** Seconds for which a slot counts, its own among them. */
  static final int SLOTS = 61;

  /** The most that is counted at once, so that no sum overflows. */
  private static final long MOST = 1L << 40;

  private final long[] slots = new long[SLOTS];

  /** What of each slot was handed out. */
  private final long[] told = new long[SLOTS];

  private long newest = Long.MIN_VALUE;
  private long sum;

  /** Forgets what is too old at {@code millis}. To be called before all that asks or changes. */
  void moveTo(long millis) {
    long second = Math.floorDiv(millis, 1000L);
    if (second <= newest) {
      return;
    }
    if (newest == Long.MIN_VALUE || second - newest >= SLOTS) {
      Arrays.fill(slots, 0);
      Arrays.fill(told, 0);
      sum = 0;
    } else {
      for (long each = newest + 1; each <= second; each++) {
        int index = index(each);
        sum -= slots[index];
        slots[index] = 0;
        told[index] = 0;
      }
    }
    newest = second;
  }

  /** What counts now. */
  long sum() {
    return sum;
  }

  /** Takes {@code amount} whether it is there or not; returns the slot that it is taken from. */
  long take(long amount) {
    long counted = Math.min(amount, MOST);
    slots[index(newest)] += counted;
    sum += counted;
    return newest;
  }

  /** Gives {@code amount} back to the slot that it was taken from, if that still counts. */
  void giveBack(long amount, long slot) {
    if (slot > newest - SLOTS && slot <= newest) {
      long counted = Math.min(amount, MOST);
      slots[index(slot)] -= counted;
      sum -= counted;
    }
  }

  /** Milliseconds until {@code amount}, which is at most {@code limit}, can be taken; 0: now. */
  long waitFor(long amount, long limit, long millis) {
    long missing = sum + amount - limit;
    if (missing <= 0) {
      return 0;
    }
    for (long slot = newest - SLOTS + 1; slot < newest; slot++) {
      missing -= slots[index(slot)];
      if (missing <= 0) {
        return end(slot) - millis;
      }
    }
    return end(newest) - millis;
  }

  /** Milliseconds until nothing counts any more of what does now. */
  long emptyIn(long millis) {
    for (long slot = newest; slot > newest - SLOTS; slot--) {
      if (slots[index(slot)] != 0) {
        return end(slot) - millis;
      }
    }
    return 0;
  }

  /** Hands what each slot holds more than it did the last time to {@code out}, oldest first. */
  void drain(Sink out) {
    for (long slot = newest - SLOTS + 1; slot <= newest; slot++) {
      int index = index(slot);
      long more = slots[index] - told[index];
      if (more != 0) {
        told[index] = slots[index];
        out.accept(slot, more);
      }
    }
  }

  /** Takes what was used in a second. */
  interface Sink {
    void accept(long second, long amount);
  }

  private static long end(long slot) {
    return (slot + SLOTS) * 1000;
  }

  private static int index(long slot) {
    return (int) Math.floorMod(slot, (long) SLOTS);
  }
}
