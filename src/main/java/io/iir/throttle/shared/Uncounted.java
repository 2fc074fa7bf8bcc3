package io.iir.throttle.shared;

import io.iir.throttle.Quota;
import io.iir.throttle.Spent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Budgets of which something was spent that Redis has not counted. Nobody can tell then what of it
 * Redis was told by way of the ledger, so the ledger alone decides: Redis is to count no less than
 * it says. Thread-safe.
 */
final class Uncounted {

  /** A database that takes longer is not waited for: limits a minute go on without it. */
  private static final long PATIENCE_SECONDS = 2;

  private final Spent ledger;
  private final Set<Account> accounts = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable CompletableFuture<Void>> flushing =
      new AtomicReference<>();

  Uncounted(Spent ledger) {
    this.ledger = ledger;
  }

  /** What {@code quota}'s subject spends in the period that {@code start} begins, in seconds. */
  private record Account(Quota quota, long start) {}

  boolean isEmpty() {
    return accounts.isEmpty();
  }

  void add(Quota quota, long start) {
    accounts.add(new Account(quota, start));
  }

  /** Adds the budgets of all that {@code settlement} costs. */
  void add(Settlement settlement) {
    for (int i = 0; i < settlement.parts().length; i++) {
      Holding holding = settlement.grant().holdings.get(i);
      if (settlement.parts()[i].cost() > 0 && holding.quota().budget() != null) {
        add(holding.quota(), holding.span().start());
      }
    }
  }

  /** Has the ledger know what this gateway has spent; done when it does or takes too long. */
  CompletableFuture<Void> flush() {
    return ledger
        .flush()
        .copy()
        .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .exceptionally(failure -> null);
  }

  /** As {@link #flush}, where nobody waits for it: one at a time. */
  void flushSoon() {
    CompletableFuture<Void> running = flushing.get();
    if (running == null || running.isDone()) {
      CompletableFuture<Void> next = new CompletableFuture<>();
      if (flushing.compareAndSet(running, next)) {
        flush().whenComplete((any, failure) -> next.complete(null));
      }
    }
  }

  /** Adds to {@code batch} what the ledger says of them, and sends it. */
  CompletableFuture<Void> tell(
      Batch batch, Subjects subjects, Function<Batch, CompletableFuture<Boolean>> send) {
    List<Account> told = new ArrayList<>();
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    for (Account account : List.copyOf(accounts)) {
      accounts.remove(account); // first: what is spent from now on may not be in the answer
      told.add(account);
      asked.add(
          ledger
              .nanoUsd(account.quota().subject(), Instant.ofEpochSecond(account.start()))
              .copy()
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .thenAccept(nanoUsd -> {
                synchronized (batch) {
                  batch.spentInAll(subjects.get(account.quota()), account.start(), nanoUsd);
                }
              }));
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenCompose(all -> send.apply(batch))
        .handle((isTaken, failure) -> {
          if (failure != null || !isTaken) {
            accounts.addAll(told);
          }
          return null;
        });
  }
}
