package io.iir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** What teams do, each counter looked up in the registry once. Thread-safe. */
public final class TeamMeters {

  /** So many teams count alone. */
  static final int MOST = 200;

  private final MeterRegistry registry;
  private final BoundedTags tags;
  private final ConcurrentMap<String, Usage> usages = new ConcurrentHashMap<>();
  private final ConcurrentMap<Ended, Counter> requests = new ConcurrentHashMap<>();

  private record Ended(String team, String outcome) {}

  private record Usage(Counter input, Counter output, Counter usd) {}

  /** Meters in {@code registry}; the teams of {@code first} count alone before others do. */
  public TeamMeters(MeterRegistry registry, Collection<String> first) {
    this.registry = registry;
    this.tags = new BoundedTags(MOST, first);
  }

  /** A request of {@code team} ended with {@code outcome}. */
  public void ended(@Nullable String team, String outcome) {
    Ended key = new Ended(tag(team), outcome);
    Counter known = requests.get(key);
    if (known == null) {
      known =
          requests.computeIfAbsent(
              key,
              one ->
                  Counter.builder(Meters.TEAM_REQUESTS.id())
                      .tags("team", one.team(), "outcome", one.outcome())
                      .register(registry));
    }
    known.increment();
  }

  /** A request of {@code team} used so many tokens, which cost {@code usd}. */
  public void used(@Nullable String team, long prompt, long completion, double usd) {
    String tag = tag(team);
    Usage usage = usages.get(tag);
    if (usage == null) {
      usage = usages.computeIfAbsent(tag, this::usage);
    }
    usage.input().increment((double) prompt);
    usage.output().increment((double) completion);
    usage.usd().increment(usd);
  }

  /** How meters name {@code team}. */
  String tag(@Nullable String team) {
    return team == null ? BoundedTags.NONE : tags.of(team);
  }

  private Usage usage(String tag) {
    return new Usage(
        tokens(tag, "input"),
        tokens(tag, "output"),
        Counter.builder(Meters.TEAM_COST.id()).baseUnit("usd").tag("team", tag).register(registry));
  }

  private Counter tokens(String tag, String type) {
    return Counter.builder(Meters.TEAM_TOKENS.id())
        .tags("team", tag, ModelMeters.TOKEN_TYPE, type)
        .register(registry);
  }
}
