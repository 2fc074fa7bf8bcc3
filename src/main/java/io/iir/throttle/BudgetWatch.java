package io.iir.throttle;

/** Hears what is spent of budgets. Thread-safe; called by event loops, which it must not block. */
@FunctionalInterface
public interface BudgetWatch {

  /** Who does not care. */
  BudgetWatch NONE = (quota, start, nanoUsd) -> {};

  /**
   * A request has ended that cost something.
   *
   * @param quota whose budget it is
   * @param start when its current period began, in milliseconds of the epoch
   * @param nanoUsd what has been spent of it in that period, in billionths of a USD
   */
  void spent(Quota quota, long start, long nanoUsd);
}
