package io.iir.throttle.shared;

import io.iir.redis.Redis;
import io.iir.throttle.BudgetWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Tells Redis of ends, without waiting. What it did not hear is kept and told again: no more than
 * there were requests under way. Thread-safe.
 */
final class Settlements {

  private final Redis redis;
  private final Scripts scripts;
  private final Membership membership;
  private final BudgetWatch watch;
  private final Uncounted uncounted;
  private final Queue<Settlement> kept = new ConcurrentLinkedQueue<>();

  /**
   * Tells {@code watch} what has been spent when something was, and {@code uncounted} of whose
   * budget Redis does not count it.
   */
  Settlements(
      Redis redis, Scripts scripts, Membership membership, BudgetWatch watch, Uncounted uncounted) {
    this.uncounted = uncounted;
    this.watch = watch;
    this.redis = redis;
    this.scripts = scripts;
    this.membership = membership;
  }

  /** How many Redis has not heard of. */
  int waiting() {
    return kept.size();
  }

  boolean isEmpty() {
    return kept.isEmpty();
  }

  /** Keeps it for later. */
  void keep(Settlement settlement) {
    kept.add(settlement);
  }

  /** Tells all that wait; done when each was told or is kept again. */
  CompletableFuture<Void> sendKept() {
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    for (int left = kept.size(); left > 0; left--) {
      Settlement next = kept.poll();
      if (next != null) {
        sent.add(send(next));
      }
    }
    return CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new));
  }

  /** Tells it now, or later if Redis is away; done when it was told or is kept. */
  CompletableFuture<Void> send(Settlement settlement) {
    Generation generation = membership.current();
    if (generation == null || !redis.isAvailable()) {
      kept.add(settlement);
      return CompletableFuture.completedFuture(null);
    }
    // Who asks the ledger about a budget that Redis does not know is to hear of this.
    return settlement.isNews(generation)
        ? uncounted.flush().thenCompose(any -> send(settlement, generation))
        : send(settlement, generation);
  }

  private CompletableFuture<Void> send(Settlement settlement, Generation generation) {
    return redis
        .run(
            scripts.settle(),
            settlement.keys(generation),
            settlement.words(generation, membership.replica()),
            late -> {})
        .handle((answer, failure) -> {
          int code = Answer.code(answer, failure);
          if (code != Answer.DONE && code != Answer.NOT_HELD) {
            kept.add(settlement);
          } else if (code == Answer.DONE) {
            tell(settlement, new Answer(answer));
          } else {
            uncounted.add(settlement);
          }
          return null;
        });
  }

  private void tell(Settlement settlement, Answer answer) {
    for (int i = 0; i < settlement.parts().length; i++) {
      if (settlement.parts()[i].cost() > 0 && answer.number(i + 1) >= 0) {
        Holding holding = settlement.grant().holdings.get(i);
        watch.spent(holding.quota(), holding.span().start() * 1000, answer.number(i + 1));
      }
    }
  }
}
