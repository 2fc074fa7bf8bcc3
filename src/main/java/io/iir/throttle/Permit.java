package io.iir.throttle;

import java.util.concurrent.CompletableFuture;

/** A request that was let in: what it holds of its quotas, until it is settled. Thread-safe. */
public interface Permit {

  /** Where the tightest of its limits stood when it last took something. */
  RateLimitSnapshot snapshot();

  /** What it holds: with the quotas of the model that is called now. */
  Charge charge();

  /**
   * What was left of the tightest budget when it last took something, in billionths of a USD, what
   * it holds itself not counted as used; {@link Long#MAX_VALUE}: there is no budget.
   */
  long budgetLeft();

  /**
   * Makes what it holds enough for {@code charge}, in one step or not at all: quotas of other
   * models are given back what of them was not used (but the request has counted), those that are
   * new are charged, tokens and USD grow to what is asked if they were less. Does nothing, at once,
   * where that is so already.
   *
   * @param used tokens that the models used whose quotas are given back
   * @return itself; fails with {@link RateLimitedException} if a limit forbids it: it holds what it
   *     held
   */
  CompletableFuture<Permit> cover(Charge charge, long used);

  /** As the other, where the models whose quotas are given back used nothing. */
  default CompletableFuture<Permit> cover(Charge charge) {
    return cover(charge, 0);
  }

  /**
   * Ends the request: frees its places, gives back what it did not use, and charges what it used
   * beyond its reservation, into debt if need be. Only the first call counts.
   *
   * @param tokens what the request used, prompt and completion; below 0 counts as 0
   * @param nanoUsd what it cost
   */
  void settle(long tokens, long nanoUsd);
}
