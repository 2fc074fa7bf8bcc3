package io.iir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;

/**
 * The flow's own meters, each looked up in the registry once: recording costs one map read.
 * Thread-safe.
 */
public final class FlowMeters {

  private static final double[] ESTIMATE_BUCKETS = {0.5, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 4};

  private final MeterRegistry registry;
  private final ConcurrentMap<RequestTags, Counter> requests = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Timer> durations = new ConcurrentHashMap<>();
  private final ConcurrentMap<Key, Counter> counters = new ConcurrentHashMap<>();
  private final ConcurrentMap<Key, DistributionSummary> summaries = new ConcurrentHashMap<>();
  private final ConcurrentMap<Key, AtomicReference<DoubleSupplier>> gauges =
      new ConcurrentHashMap<>();
  private final BoundedTags budgetNames;
  private final BranchMeters branches;

  private record Key(Meters meter, String first, String second) {}

  /** Meters in {@code registry}; budgets of the teams {@code first} are shown before others'. */
  public FlowMeters(MeterRegistry registry, Collection<String> first) {
    this.registry = registry;
    this.budgetNames = new BoundedTags(TeamMeters.MOST, first);
    this.branches = new BranchMeters(registry);
  }

  /** The meters of the model that is named {@code tag}; whoever asks for them keeps them. */
  public ModelMeters model(ModelTag tag) {
    return new ModelMeters(registry, tag);
  }

  /** The timer of a step, which the step keeps: it records seven times a request. */
  public Timer step(String step) {
    return Buckets.STEP.timer(Meters.STEP_DURATION).tag("step", step).register(registry);
  }

  /** How often branches of rules are taken. */
  public BranchMeters branches() {
    return branches;
  }

  /** A request ended, {@code nanos} after it came. */
  public void request(RequestTags tags, long nanos) {
    Counter count = requests.get(tags);
    if (count == null) {
      count =
          requests.computeIfAbsent(
              tags,
              one -> Counter.builder(Meters.REQUESTS.id()).tags(one.tags()).register(registry));
    }
    count.increment();
    Timer duration = durations.get(tags.route());
    if (duration == null) {
      duration =
          durations.computeIfAbsent(
              tags.route(),
              route ->
                  Buckets.REQUEST
                      .timer(Meters.REQUEST_DURATION)
                      .tag("route", route)
                      .register(registry));
    }
    duration.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The cache was asked; what it had was {@code where}. */
  public void cache(String result, String where) {
    count(Meters.CACHE_LOOKUPS, "result", result, "where", where);
  }

  /** A limit of someone of {@code scope} was reached. */
  public void refusal(String limit, String scope) {
    count(Meters.THROTTLE_REFUSALS, "limit", limit, "scope", scope);
  }

  /** A prompt for {@code provider} had {@code ratio} times the tokens that were estimated. */
  public void estimateError(String provider, double ratio) {
    summaries
        .computeIfAbsent(
            new Key(Meters.THROTTLE_ESTIMATE_ERROR, provider, ""),
            key ->
                DistributionSummary.builder(key.meter().id())
                    .tag(ModelTag.PROVIDER, provider)
                    .serviceLevelObjectives(ESTIMATE_BUCKETS)
                    .register(registry))
        .record(ratio);
  }

  /** A budget of someone of {@code scope} is nearly used up. */
  public void budgetAlert(String scope) {
    count(Meters.BUDGET_ALERTS, "scope", scope, "", "");
  }

  /** A request has cost more than was reserved for it. */
  public void budgetOvershoot() {
    count(Meters.BUDGET_OVERSHOOT, "", "", "", "");
  }

  /**
   * {@code share} of the budget of {@code name}, a team or the gateway, is used: 1 is all of it.
   * Asked at each reading, so that it may end with its period.
   */
  public void budgetUsed(String scope, String name, DoubleSupplier share) {
    if (budgetNames.of(name).equals(BoundedTags.OTHER)) {
      return; // shares of several budgets make no sum
    }
    gauges
        .computeIfAbsent(
            new Key(Meters.BUDGET_USED, scope, name),
            key -> {
              AtomicReference<DoubleSupplier> value = new AtomicReference<>(share);
              Gauge.builder(key.meter().id(), value, last -> last.get().getAsDouble())
                  .tags("scope", scope, "name", name)
                  .strongReference(true)
                  .register(registry);
              return value;
            })
        .set(share);
  }

  /** The server has refused a request with {@code status} before any route has seen it. */
  public void serverRefusal(int status) {
    String tag = Integer.toString(status);
    count(Meters.SERVER_REFUSALS, "status", tag, "", "");
  }

  /** A text of the rule {@code rule} went live. */
  public void ruleAccepted(String rule) {
    count(Meters.RULES_ACCEPTED, "rule", rule, "", "");
  }

  /** A text of the rule {@code rule} was refused. */
  public void ruleRejected(String rule) {
    count(Meters.RULES_REJECTED, "rule", rule, "", "");
  }

  /** A text of the rule {@code rule} was taken back. */
  public void ruleRolledBack(String rule) {
    count(Meters.RULES_ROLLBACKS, "rule", rule, "", "");
  }

  /** The shipped rules decided a request because of {@code cause}. */
  public void ruleFallback(String cause) {
    count(Meters.RULES_FALLBACKS, "cause", cause, "", "");
  }

  /** A refresh of the registry ended with {@code outcome}. */
  public void registryRefresh(String outcome) {
    count(Meters.REGISTRY_REFRESHES, "outcome", outcome, "", "");
  }

  /** A call to {@code provider} ended with {@code outcome}. */
  public void backendCall(String provider, String outcome) {
    count(Meters.BACKEND_CALLS, ModelTag.PROVIDER, provider, "outcome", outcome);
  }

  /** A call to {@code provider} is made once more, or is not because of {@code outcome}. */
  public void backendRetry(String provider, String outcome) {
    count(Meters.BACKEND_RETRIES, ModelTag.PROVIDER, provider, "outcome", outcome);
  }

  /** {@code provider} was asked beside a slow one, or could not be. */
  public void backendHedge(String provider, String outcome) {
    count(Meters.BACKEND_HEDGES, ModelTag.PROVIDER, provider, "outcome", outcome);
  }

  /** {@code provider} goes on with a stream: from where it broke off, or from its beginning. */
  public void backendResume(String provider, String outcome) {
    count(Meters.BACKEND_RESUMES, ModelTag.PROVIDER, provider, "outcome", outcome);
  }

  /** Counts one; a tag without a name is none. */
  private void count(Meters meter, String firstTag, String first, String secondTag, String second) {
    Key key = new Key(meter, first, second);
    Counter known = counters.get(key);
    if (known == null) { // tags are made once
      known =
          counters.computeIfAbsent(
              key,
              unknown ->
                  Counter.builder(meter.id())
                      .tags(tag(firstTag, first))
                      .tags(tag(secondTag, second))
                      .register(registry));
    }
    known.increment();
  }

  private static Tags tag(String name, String value) {
    return name.isEmpty() ? Tags.empty() : Tags.of(name, value);
  }
}
