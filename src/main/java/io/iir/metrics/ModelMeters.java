package io.iir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * The meters of one model, each looked up in the registry once, when there is something to count.
 * Thread-safe.
 */
public final class ModelMeters {

  /** The name of the tag that tells tokens of prompts from those of answers. */
  static final String TOKEN_TYPE = "gen_ai.token.type";

  private final MeterRegistry registry;
  private final ModelTag tag;
  private final ConcurrentMap<Call, Timer> calls = new ConcurrentHashMap<>();
  private final ConcurrentMap<Meters, Timer> timers = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, DistributionSummary> tokens = new ConcurrentHashMap<>();
  private final ConcurrentMap<Meters, Counter> costs = new ConcurrentHashMap<>();

  private record Call(String operation, String error) {}

  ModelMeters(MeterRegistry registry, ModelTag tag) {
    this.registry = registry;
    this.tag = tag;
  }

  /** How meters name the model. */
  public ModelTag tag() {
    return tag;
  }

  /**
   * A call for {@code operation} took {@code nanos}.
   *
   * @param error why it ended before its time; {@code none}: it did not
   */
  public void called(String operation, String error, long nanos) {
    Call key = new Call(operation, error);
    Timer known = calls.get(key);
    if (known == null) {
      known =
          calls.computeIfAbsent(
              key,
              call ->
                  Buckets.REQUEST
                      .timer(Meters.OPERATION_DURATION)
                      .tags(tag.tags())
                      .tags("gen_ai.operation.name", operation, "error.type", error)
                      .register(registry));
    }
    known.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The first token of a stream came {@code nanos} after its request. */
  public void firstToken(long nanos) {
    timer(Meters.TIME_TO_FIRST_TOKEN, Buckets.FIRST_TOKEN).record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Each further token of a stream took {@code nanos}. */
  public void nextTokens(long nanos) {
    timer(Meters.TIME_PER_OUTPUT_TOKEN, Buckets.TOKEN).record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A request used so many tokens, which cost {@code usd}. */
  public void used(long prompt, long completion, double usd) {
    tokens("input").record((double) prompt);
    tokens("output").record((double) completion);
    Counter cost = costs.get(Meters.COST);
    if (cost == null) {
      cost =
          costs.computeIfAbsent(
              Meters.COST,
              meter ->
                  Counter.builder(meter.id()).baseUnit("usd").tags(tag.tags()).register(registry));
    }
    cost.increment(usd);
  }

  private Timer timer(Meters meter, Buckets buckets) {
    Timer known = timers.get(meter);
    return known != null
        ? known
        : timers.computeIfAbsent(
            meter, one -> buckets.timer(one).tags(tag.tags()).register(registry));
  }

  private DistributionSummary tokens(String type) {
    DistributionSummary known = tokens.get(type);
    return known != null
        ? known
        : tokens.computeIfAbsent(
            type,
            one ->
                DistributionSummary.builder(Meters.TOKEN_USAGE.id())
                    .baseUnit("token")
                    .tags(tag.tags())
                    .tag(TOKEN_TYPE, one)
                    .register(registry));
  }
}
