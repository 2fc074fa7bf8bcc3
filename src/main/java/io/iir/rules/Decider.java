package io.iir.rules;

import io.iir.metrics.FlowMeters;
import io.iir.rules.language.Facts;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the rules that are live. A request that they fail for is decided by the rules that ship with
 * the gateway. Thread-safe; never waits.
 */
final class Decider {

  private final AtomicReference<@Nullable RuleSet> current = new AtomicReference<>();
  private final FlowMeters meters;
  private final AtomicReference<@Nullable RuleSet> suspected = new AtomicReference<>();
  private volatile @Nullable RuleSet shipped;
  private volatile Consumer<RuleSet> suspicion = set -> {};

  /** Counts in {@code meters}. */
  Decider(FlowMeters meters) {
    this.meters = meters;
  }

  /** {@code told} hears, once, of a set of rules that fails too often. */
  void onSuspicion(Consumer<RuleSet> told) {
    suspicion = told;
  }

  /** What is asked where the operator's rules fail. */
  void shipped(RuleSet rules) {
    shipped = rules;
  }

  /** From now on {@code next} is asked; decisions that have begun end with the one before. */
  void use(RuleSet next) {
    current.set(next);
  }

  @Nullable RuleSet current() {
    return current.get();
  }

  /** The decision for {@code facts}; a {@link Failure} only if the shipped rules fail too. */
  Verdict decide(Facts facts) {
    RuleSet set = enter();
    try {
      Verdict verdict = set.decide(facts, null);
      return verdict instanceof Failure failure ? failed(set, facts, failure) : verdict;
    } finally {
      set.leave();
    }
  }

  /** The decision in the place of one that cannot be used for {@code why}. */
  Verdict fallBack(Facts facts, Failure why) {
    meters.ruleFallback(why.cause().word());
    RuleSet last = shipped;
    if (last == null) {
      return why;
    }
    return last.decide(facts, null) instanceof Decision decision ? decision.asFallback(why) : why;
  }

  private Verdict failed(RuleSet set, Facts facts, Failure failure) {
    if (set.fail(failure, facts, System.nanoTime()) && suspected.getAndSet(set) != set) {
      suspicion.accept(set);
    }
    return fallBack(facts, failure);
  }

  private RuleSet enter() {
    while (true) {
      RuleSet set = current.get();
      if (set == null) {
        throw new IllegalStateException("no rules are live yet");
      }
      set.enter();
      if (current.get() == set) {
        return set;
      }
      set.leave(); // swapped meanwhile: it may be closed
    }
  }
}
