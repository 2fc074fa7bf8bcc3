package io.iir.rules;

import io.iir.metrics.FlowMeters;
import io.iir.rules.check.CheckedRule;
import io.iir.rules.language.InvalidRuleException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sets of rules that run: the one that decides, the one before it, kept warm for when it is to
 * decide again, and those before, closed as soon as nothing is under way in them. For one thread at
 * a time.
 */
final class LiveSets implements AutoCloseable {

  /** The name in JMX, of which the set that decides is always the bearer. */
  static final String CONTEXT = "iir-rules";

  private static final long DRAIN_MILLIS = 100;

  private final Decider decider;
  private final ScheduledExecutorService thread;
  private final boolean jmx;
  private final FlowMeters meters;
  private long number;
  private @Nullable RuleSet shipped;
  private @Nullable Warm current;
  private @Nullable Warm previous;
  private final Set<RuleSet> retiring = ConcurrentHashMap.newKeySet();

  /**
   * A set that runs.
   *
   * @param set the set
   * @param rules what runs in it, by id
   */
  private record Warm(RuleSet set, Map<String, LiveRule> rules) {}

  /**
   * Sets that {@code decider} asks and whose branches {@code meters} count; old ones are closed on
   * {@code thread}.
   */
  LiveSets(Decider decider, ScheduledExecutorService thread, boolean jmx, FlowMeters meters) {
    this.meters = meters;
    this.decider = decider;
    this.thread = thread;
    this.jmx = jmx;
  }

  /** Starts what is asked where the operator's rules fail. */
  void startShipped(Map<String, CheckedRule> rules) throws InvalidRuleException {
    RuleSet set = RuleSet.start(CONTEXT + "-shipped", false, 0, rules, false);
    shipped = set;
    decider.shipped(set);
  }

  /** From now on {@code rules} decide; those that did are kept warm. */
  void use(Map<String, LiveRule> rules) throws InvalidRuleException {
    Warm old = swap(rules);
    Warm older = previous;
    previous = old;
    if (older != null) {
      retire(older.set());
    }
  }

  /** From now on {@code rules} decide; those that did, and those before, never again. */
  void replace(Map<String, LiveRule> rules) throws InvalidRuleException {
    Warm old = swap(rules);
    Warm older = previous;
    previous = null;
    if (old != null) {
      retire(old.set());
    }
    if (older != null) {
      retire(older.set());
    }
  }

  private @Nullable Warm swap(Map<String, LiveRule> rules) throws InvalidRuleException {
    Warm old = current;
    if (old != null && jmx) {
      old.set().leaveJmx();
    }
    RuleSet next = RuleSet.startLive(jmx, ++number, RuleLibrary.rules(rules), meters);
    decider.use(next);
    current = new Warm(next, rules);
    return old;
  }

  /** Whether there is a set that decides. */
  boolean running() {
    return current != null;
  }

  /** Whether {@code set} is the one that decides. */
  boolean isCurrent(RuleSet set) {
    return current != null && current.set() == set;
  }

  /** The rules that decided before the last change; empty if they are not warm. */
  Map<String, LiveRule> previous() {
    return previous == null ? Map.of() : previous.rules();
  }

  private void retire(RuleSet set) {
    retiring.add(set);
    closeWhenDrained(set);
  }

  private void closeWhenDrained(RuleSet set) {
    thread.schedule(
        () -> {
          if (set.isDrained()) {
            retiring.remove(set);
            set.close();
          } else {
            closeWhenDrained(set);
          }
        },
        DRAIN_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    retiring.forEach(RuleSet::close);
    for (Warm warm : new Warm[] {current, previous}) {
      if (warm != null) {
        warm.set().close();
      }
    }
    if (shipped != null) {
      shipped.close();
    }
  }
}
