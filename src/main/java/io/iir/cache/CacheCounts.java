package io.iir.cache;

import java.util.concurrent.atomic.LongAdder;

/** How requests fared that the cache was asked for, since this process began. Thread-safe. */
public final class CacheCounts {

  private final LongAdder inMemory = new LongAdder();
  private final LongAdder inRedis = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder coalesced = new LongAdder();

  /** The answer was there, {@code where}. */
  public void hit(Outcome.Where where) {
    switch (where) {
      case MEMORY -> inMemory.increment();
      case REDIS -> inRedis.increment();
    }
  }

  /** It was not. */
  public void missed() {
    misses.increment();
  }

  /** It was made meanwhile for another request. */
  public void shared() {
    coalesced.increment();
  }

  public long inMemory() {
    return inMemory.sum();
  }

  public long inRedis() {
    return inRedis.sum();
  }

  public long misses() {
    return misses.sum();
  }

  public long coalesced() {
    return coalesced.sum();
  }
}
