package io.iir.throttle;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** What has been spent, as the ledger knows it. Thread-safe, never blocks. */
public interface Spent {

  /**
   * What {@code subject}, which is no model, has spent since {@code start}, in billionths of a USD.
   */
  CompletableFuture<Long> nanoUsd(Subject subject, Instant start);

  /** Has all that this gateway has spent by now known to whoever asks from then on. */
  default CompletableFuture<Void> flush() {
    return CompletableFuture.completedFuture(null);
  }
}
