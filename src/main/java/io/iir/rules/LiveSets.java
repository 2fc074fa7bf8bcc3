package io.iir.rules;

import io.iir.rules.check.CheckedRule;
import io.iir.rules.language.InvalidRuleException;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sets of rules that run: the one that decides, the one before it, kept warm for when it is to
 * decide again, and those before, closed as soon as nothing is under way in them. For one thread at
 * a time.
 */
final class LiveSets implements AutoCloseable {

  /** The name in JMX, of which the set that decides is always the bearer. */
  static final String CONTEXT = "iir-rules";

  private static final Logger LOG = LoggerFactory.getLogger(LiveSets.class);
  private static final long DRAIN_MILLIS = 100;

  private final Decider decider;
  private final ScheduledExecutorService thread;
  private final boolean jmx;
  private long number;
  private @Nullable RuleSet shipped;
  private @Nullable RuleSet previous;

  /** Sets that {@code decider} asks; old ones are closed on {@code thread}. */
  LiveSets(Decider decider, ScheduledExecutorService thread, boolean jmx) {
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

  /** From now on {@code rules} decide. */
  void use(Map<String, CheckedRule> rules) throws InvalidRuleException {
    RuleSet old = decider.current();
    if (old != null && jmx) {
      old.leaveJmx();
    }
    RuleSet next = RuleSet.start(CONTEXT, jmx, ++number, rules, false);
    decider.use(next);
    RuleSet older = previous;
    previous = old;
    if (older != null && older != old) {
      retire(older);
    }
  }

  /** Whether there is a set that decides. */
  boolean running() {
    return decider.current() != null;
  }

  /** Whether {@code set} is the one that decides. */
  boolean isCurrent(RuleSet set) {
    return decider.current() == set;
  }

  /**
   * The set before decides at once, until {@link #use} gives it its place in JMX; false if there is
   * none.
   */
  boolean usePrevious() {
    RuleSet before = previous;
    RuleSet failing = decider.current();
    if (before == null || failing == null) {
      return false;
    }
    decider.use(before);
    if (jmx) {
      failing.leaveJmx();
    }
    previous = null;
    retire(failing);
    return true;
  }

  private void retire(RuleSet set) {
    thread.schedule(
        () -> {
          if (set.isDrained()) {
            set.close();
            LOG.debug("closed {}", set);
          } else {
            retire(set);
          }
        },
        DRAIN_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    RuleSet current = decider.current();
    for (RuleSet set : new RuleSet[] {current, previous, shipped}) {
      if (set != null) {
        set.close();
      }
    }
  }
}
