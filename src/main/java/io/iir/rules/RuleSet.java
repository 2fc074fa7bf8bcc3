package io.iir.rules;

import io.iir.metrics.FlowMeters;
import io.iir.provider.TargetSyntaxException;
import io.iir.rules.Failure.Cause;
import io.iir.rules.check.CheckedRule;
import io.iir.rules.check.RuleContexts;
import io.iir.rules.language.BadValueException;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Outline;
import io.iir.rules.language.Problem;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.management.JmxManagementLifecycleStrategy;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

/**
 * One version of all rules together, running in a small Camel context of its own: what one request
 * is decided by from beginning to end. Thread-safe.
 *
 * <p>A decision runs in an exchange of its own, which has nothing of the request but facts: a rule
 * can neither touch the request nor fail it.
 */
final class RuleSet implements AutoCloseable {

  /** From so many failures on … */
  private static final int SUSPECT_FAILURES = 20;

  /** … if they are one of so many decisions or fewer, rules are taken back. */
  private static final int SUSPECT_SHARE = 100;

  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final DecisionReader READER = new DecisionReader();

  private final long number;
  private final Map<String, CheckedRule> rules;
  private final Map<String, BranchHits> hits;
  private final DefaultCamelContext context;
  private final AsyncProcessor entry;
  private final Fact[] reads;
  private final String[] headers;
  private final LongAdder entered = new LongAdder();
  private final LongAdder left = new LongAdder();
  private long failures;
  private long windowNanos = System.nanoTime();
  private long windowBegin;
  private long windowFailures;
  private @Nullable Failure lastFailure;
  private @Nullable Facts lastFailed;

  private RuleSet(
      long number,
      Map<String, CheckedRule> rules,
      DefaultCamelContext context,
      boolean traced,
      Map<String, BranchHits> hits)
      throws Exception {
    this.number = number;
    this.rules = rules;
    this.hits = hits;
    this.context = context;
    Set<Fact> facts = EnumSet.noneOf(Fact.class);
    Set<String> names = new TreeSet<>();
    for (CheckedRule rule : rules.values()) {
      Outline outline = rule.outline();
      facts.addAll(outline.reads());
      names.addAll(outline.headers());
      BranchHits counted = Objects.requireNonNull(hits.get(outline.id()));
      context.addRouteDefinition(
          rule.definition(traced ? Trace.hooks(outline.id(), counted) : counted));
    }
    this.reads = facts.toArray(Fact[]::new);
    this.headers = names.toArray(String[]::new);
    context.start();
    this.entry =
        ((DirectConsumer) context.getRoute(RuleFile.ENTRY).getConsumer()).getAsyncProcessor();
  }

  /**
   * Starts {@code rules}, by id, in the context {@code name}.
   *
   * @param number which set it is; 0 if it is only tried
   * @param jmx whether it is in JMX, under that name
   * @param traced whether decisions write into a {@link Trace}
   * @throws InvalidRuleException if Camel cannot start them
   */
  static RuleSet start(
      String name, boolean jmx, long number, Map<String, CheckedRule> rules, boolean traced)
      throws InvalidRuleException {
    return start(name, jmx, number, rules, traced, null);
  }

  /**
   * Starts {@code rules}, by id, that decide from now on; {@code meters} count their branches.
   *
   * @param jmx whether they are in JMX
   * @param number which set it is
   * @throws InvalidRuleException if Camel cannot start them
   */
  static RuleSet startLive(
      boolean jmx, long number, Map<String, CheckedRule> rules, FlowMeters meters)
      throws InvalidRuleException {
    return start(LiveSets.CONTEXT, jmx, number, rules, false, meters);
  }

  private static RuleSet start(
      String name,
      boolean jmx,
      long number,
      Map<String, CheckedRule> rules,
      boolean traced,
      @Nullable FlowMeters meters)
      throws InvalidRuleException {
    DefaultCamelContext context = RuleContexts.create(name, jmx, Map.of());
    Map<String, BranchHits> hits = new LinkedHashMap<>();
    try {
      for (CheckedRule rule : rules.values()) {
        hits.put(rule.outline().id(), new BranchHits(rule.outline(), meters));
      }
      return new RuleSet(number, Map.copyOf(rules), context, traced, hits);
    } catch (Exception e) {
      context.stop();
      hits.values().forEach(BranchHits::close);
      throw new InvalidRuleException(
          List.of(
              new Problem(
                  RuleFile.ENTRY + RuleFile.SUFFIX,
                  0,
                  0,
                  "Camel cannot start the rules: " + reason(e),
                  null)),
          e);
    }
  }

  /** Which set it is, counted from the gateway's start. */
  long number() {
    return number;
  }

  /** Its rules, by id. */
  Map<String, CheckedRule> rules() {
    return rules;
  }

  /** The branches of the rule {@code id}, with how often each was taken. */
  Map<Outline.Branch, Long> branches(String id) {
    BranchHits counted = hits.get(id);
    return counted == null ? Map.of() : counted.counts();
  }

  /** Decides; {@code trace} notes how, where the set is traced. Never throws. */
  Verdict decide(Facts facts, @Nullable Trace trace) {
    Exchange exchange = new DefaultExchange(context);
    Map<String, Object> variables = exchange.getVariables();
    for (Fact fact : reads) {
      Object value = facts.get(fact);
      if (value != null) {
        variables.put(fact.word(), value);
      }
    }
    for (String header : headers) {
      String value = facts.headers().get(header);
      if (value != null) {
        exchange.getMessage().setHeader(header, value);
      }
    }
    if (trace != null) {
      trace.attachTo(exchange);
    }
    try {
      entry.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    Exception thrown = exchange.getException();
    return thrown == null
        ? READER.read(variables, facts, number)
        : new Failure(cause(thrown), reason(thrown));
  }

  /** A decision begins: until {@link #leave} the set is not closed. */
  void enter() {
    entered.increment();
  }

  /** A decision that began has ended. */
  void leave() {
    left.increment();
  }

  /**
   * A decision failed.
   *
   * @return whether the set has failed too often within the last minute: often, and for one of so
   *     many requests
   */
  synchronized boolean fail(Failure failure, Facts facts, long nowNanos) {
    if (nowNanos - windowNanos > WINDOW_NANOS) {
      windowNanos = nowNanos;
      windowBegin = entered.sum() - 1;
      windowFailures = 0;
    }
    windowFailures++;
    failures++;
    lastFailure = failure;
    lastFailed = facts;
    return windowFailures >= SUSPECT_FAILURES
        && windowFailures * SUSPECT_SHARE >= entered.sum() - windowBegin;
  }

  /** How often decisions failed, and why the last did; null if none has. */
  synchronized @Nullable String failing() {
    return lastFailure == null
        ? null
        : "failed for %d of %d requests, the last time because %s"
            .formatted(failures, entered.sum(), lastFailure.message());
  }

  /** What was known of the request of the last decision that failed; null if none has. */
  synchronized @Nullable Facts lastFailed() {
    return lastFailed;
  }

  /** Whether no decision is under way; for a set that no decision comes to any more. */
  boolean isDrained() {
    long out = left.sum(); // first: what leaves between the two reads only makes it wait
    return out == entered.sum();
  }

  /** Takes it out of JMX, so that the next set can have the names; it goes on deciding. */
  void leaveJmx() {
    context.getManagementStrategy().getManagementAgent().stop();
    // Else closing it would reach for the next set's beans of the same names.
    context.getLifecycleStrategies().removeIf(JmxManagementLifecycleStrategy.class::isInstance);
  }

  private static Cause cause(Exception thrown) {
    Throwable root = NestedExceptionUtils.getMostSpecificCause(thrown);
    return root instanceof BadValueException || root instanceof TargetSyntaxException
        ? Cause.BAD_VALUE
        : Cause.THROWN;
  }

  private static String reason(Exception e) {
    Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public void close() {
    context.stop();
    hits.values().forEach(BranchHits::close);
  }

  @Override
  public String toString() {
    return "rules " + number + " " + Arrays.toString(rules.keySet().stream().sorted().toArray());
  }
}
