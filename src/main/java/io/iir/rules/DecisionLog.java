package io.iir.rules;

import io.iir.rules.language.Facts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The last decisions, in memory. Thread-safe; adding never waits. */
public final class DecisionLog {

  /** So many of the last requests an edit is tried on before it goes live. */
  static final int RECENT = 64;

  private final AtomicReferenceArray<DecisionRecord> ring;
  private final AtomicLong count = new AtomicLong();
  private final int perSecond;
  private final AtomicLong second = new AtomicLong();
  private final AtomicInteger inSecond = new AtomicInteger();

  /**
   * A log of the last {@code size} decisions; 0: none is kept. Where there are more than {@code
   * perSecond}, some are passed over: so the log spans minutes of traffic, not a moment of it, and
   * keeping it costs a busy gateway next to nothing.
   */
  public DecisionLog(int size, int perSecond) {
    this.ring = new AtomicReferenceArray<>(size);
    this.perSecond = perSecond;
  }

  /** Whether a decision at {@code millis} is to be added; to be asked once for each. */
  public boolean wants(long millis) {
    if (ring.length() == 0) {
      return false;
    }
    long now = millis / 1000;
    if (second.get() != now && second.getAndSet(now) != now) {
      inSecond.set(0);
    }
    return inSecond.get() < perSecond && inSecond.getAndIncrement() < perSecond;
  }

  /** Keeps {@code record}, in the place of the oldest where there is no other. */
  public void add(DecisionRecord record) {
    if (ring.length() > 0) {
      ring.setRelease((int) (count.getAndIncrement() % ring.length()), record);
    }
  }

  /** At most {@code most} of the last decisions, the oldest first. */
  public List<DecisionRecord> last(int most) {
    List<DecisionRecord> found = new ArrayList<>();
    long end = count.get();
    long begin = Math.max(0, end - Math.min(most, ring.length()));
    for (long i = end - 1; i >= begin; i--) {
      DecisionRecord record = ring.getAcquire((int) (i % ring.length()));
      if (record != null) {
        found.add(record);
      }
    }
    Collections.reverse(found);
    return found;
  }

  /** What was known of the last requests. */
  List<Facts> recentFacts() {
    return last(RECENT).stream().map(DecisionRecord::facts).toList();
  }
}
