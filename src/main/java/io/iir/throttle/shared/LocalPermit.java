package io.iir.throttle.shared;

import io.iir.throttle.Charge;
import io.iir.throttle.Permit;
import io.iir.throttle.RateLimitSnapshot;
import java.util.concurrent.CompletableFuture;

/** A permit of the memory limiter's, of which Redis is told when it is there. */
record LocalPermit(Permit permit, Reconciliation reconciliation) implements Permit {

  @Override
  public RateLimitSnapshot snapshot() {
    return permit.snapshot();
  }

  @Override
  public Charge charge() {
    return permit.charge();
  }

  @Override
  public long budgetLeft() {
    return permit.budgetLeft();
  }

  @Override
  public CompletableFuture<Permit> cover(Charge charge, long used) {
    return permit
        .cover(charge, used)
        .thenApply(same -> {
          reconciliation.memoryUsed();
          return this;
        });
  }

  @Override
  public void settle(long tokens, long nanoUsd) {
    permit.settle(tokens, nanoUsd);
    reconciliation.ended(nanoUsd);
  }
}
