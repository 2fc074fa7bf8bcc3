package io.iir.rules;

import io.iir.metrics.BranchMeters;
import io.iir.metrics.FlowMeters;
import io.iir.rules.check.Hooks;
import io.iir.rules.language.Outline;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often each branch of one rule was taken, and notes which a request took last: that is
 * the reason that its client is told, unless the rule sets another. Thread-safe.
 */
final class BranchHits implements Hooks, AutoCloseable {

  /** The variable that holds the id of the branch taken last; no rule can name it. */
  static final String BRANCH = "(branch)";

  private final Map<Outline.Branch, LongAdder> hits = new LinkedHashMap<>();
  private final List<Runnable> giveBack = new ArrayList<>();
  private final String rule;
  private final @Nullable FlowMeters meters;

  /** Of the rule with {@code outline}; counted in {@code meters}, too, if there are any. */
  BranchHits(Outline outline, @Nullable FlowMeters meters) {
    this.rule = outline.id();
    this.meters = meters;
    outline.branches().forEach(branch -> hits.put(branch, new LongAdder()));
  }

  @Override
  public Processor mark(Outline.Branch branch) {
    LongAdder count = hits.getOrDefault(branch, new LongAdder());
    String id = branch.id();
    if (meters == null) {
      return exchange -> taken(exchange, count, id);
    }
    BranchMeters.Taken taken = meters.branches().take(rule, id);
    giveBack.add(taken.giveBack());
    Counter total = taken.counter();
    return exchange -> {
      total.increment();
      taken(exchange, count, id);
    };
  }

  private static void taken(Exchange exchange, LongAdder count, String id) {
    count.increment();
    exchange.getVariables().put(BRANCH, id);
  }

  @Override
  public Predicate condition(Outline.Branch branch, Predicate condition) {
    return condition;
  }

  /** The rule decides no more: its meters are given back. */
  @Override
  public void close() {
    giveBack.forEach(Runnable::run);
    giveBack.clear();
  }

  /** The branches in the order of the text, with how often each was taken. */
  Map<Outline.Branch, Long> counts() {
    Map<Outline.Branch, Long> counts = new LinkedHashMap<>();
    hits.forEach((branch, count) -> counts.put(branch, count.sum()));
    return counts;
  }
}
