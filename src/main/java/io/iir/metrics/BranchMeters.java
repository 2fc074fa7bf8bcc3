package io.iir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/**
 * How often branches of rules are taken: a counter of each branch that someone holds, at most so
 * many; what comes after that counts together as {@link BoundedTags#OTHER}, a counter a rule.
 * Thread-safe.
 */
public final class BranchMeters {

  /** So many branches count alone. */
  static final int MOST = 500;

  private final MeterRegistry registry;
  private final Map<Branch, Held> held = new HashMap<>();

  private record Branch(String rule, String name) {}

  /** A counter, and how many hold it. */
  private static final class Held {
    private final Counter counter;
    private int holders;

    Held(Counter counter) {
      this.counter = counter;
    }
  }

  BranchMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The counter of {@code branch} of {@code rule}, until it is given back as often as taken. */
  public synchronized Taken take(String rule, String branch) {
    Branch wanted = new Branch(rule, branch);
    Branch key =
        held.containsKey(wanted) || held.size() < MOST
            ? wanted
            : new Branch(rule, BoundedTags.OTHER);
    Held one = held.computeIfAbsent(key, this::held);
    one.holders++;
    return new Taken(one.counter, () -> giveBack(key));
  }

  private Held held(Branch branch) {
    return new Held(
        Counter.builder(Meters.RULES_BRANCH_HITS.id())
            .tags("rule", branch.rule(), "branch", branch.name())
            .register(registry));
  }

  private synchronized void giveBack(Branch branch) {
    Held one = held.get(branch);
    if (one != null && --one.holders == 0) {
      held.remove(branch);
      registry.remove(one.counter);
    }
  }

  /**
   * A counter that is held.
   *
   * @param counter the counter
   * @param giveBack says that it is not held any more; to be run once
   */
  public record Taken(Counter counter, Runnable giveBack) {}
}
