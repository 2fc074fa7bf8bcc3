package io.iir.idempotency;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets few ask the database at a time, in the order in which they came, so that others get
 * connections too. Waiting is well as long as the database answers those who have their turn.
 * Thread-safe; blocks.
 */
final class Turns {

  /** Whoever has waited longer does not wait on, however well the database is. */
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private final Semaphore turns;
  private final long patience;
  private volatile long answeredAt = System.nanoTime();

  /**
   * Turns for {@code atOnce}.
   *
   * @param patience how long the database may answer nobody
   */
  Turns(int atOnce, Duration patience) {
    this.turns = new Semaphore(atOnce, true);
    this.patience = patience.toNanos();
  }

  /** Waits for a turn, which is to be ended; false: the database does not answer. */
  boolean await() {
    long start = System.nanoTime();
    try {
      while (!turns.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
        long now = System.nanoTime();
        if (now - answeredAt >= patience || now - start >= LONGEST.toNanos()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends a turn, in which the database {@code answered} or not. */
  void end(boolean answered) {
    if (answered) {
      answeredAt = System.nanoTime();
    }
    turns.release();
  }
}
