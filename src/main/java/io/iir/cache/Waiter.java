package io.iir.cache;

/** A request that waits for an answer which is looked for, or made for another one. */
public interface Waiter {

  /** Whether {@code answer} will do for it. */
  boolean takes(CachedAnswer answer);

  /** When it has waited long enough, in {@link System#nanoTime} terms. */
  long deadlineNanos();

  /** It goes on with {@code outcome}. Called once, on any thread, which it must not block. */
  void resume(Outcome outcome);
}
