package io.iir.retry;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The {@link RetryBudget} of each provider. Thread-safe. */
public final class RetryBudgets {

  private final double share;
  private final ConcurrentMap<String, RetryBudget> budgets = new ConcurrentHashMap<>();

  /** Budgets of {@code share} retries a call, 0 to 1. */
  public RetryBudgets(double share) {
    this.share = share;
  }

  /** The budget of {@code provider}. */
  public RetryBudget of(String provider) {
    RetryBudget known = budgets.get(provider);
    return known != null
        ? known
        : budgets.computeIfAbsent(provider, name -> new RetryBudget(share, System::nanoTime));
  }
}
