package io.iir.backend;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the copies of all answers under way may take together, in bytes: each alone is
 * bounded, but there may be any number of them. Thread-safe.
 */
public final class CopyRoom {

  private final AtomicLong free;

  /** Room for {@code bytes}. */
  public CopyRoom(long bytes) {
    this.free = new AtomicLong(bytes);
  }

  /** How much is left. */
  public long free() {
    return free.get();
  }

  /** Takes {@code bytes} if they are there; false, with nothing taken, if not. */
  public boolean take(long bytes) {
    for (long now = free.get(); now >= bytes; now = free.get()) {
      if (free.compareAndSet(now, now - bytes)) {
        return true;
      }
    }
    return false;
  }

  /** Gives back what was taken. */
  public void give(long bytes) {
    free.addAndGet(bytes);
  }
}
