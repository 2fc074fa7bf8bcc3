package io.iir.cache;

import java.util.concurrent.atomic.LongAdder;

/** How requests fared that the cache was asked for, since this process began. Thread-safe. */
public final class CacheCounts {

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder coalesced = new LongAdder();

  /** The answer was there. */
  public void hit() {
    hits.increment();
  }

  /** It was not. */
  public void missed() {
    misses.increment();
  }

  /** It was made meanwhile for another request. */
  public void shared() {
    coalesced.increment();
  }

  long hits() {
    return hits.sum();
  }

  long misses() {
    return misses.sum();
  }

  long coalesced() {
    return coalesced.sum();
  }
}
