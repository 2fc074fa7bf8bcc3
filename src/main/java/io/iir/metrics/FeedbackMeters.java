package io.iir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is learned of answers, and what becomes of comparisons. All there at the start. */
public final class FeedbackMeters {

  private final Map<String, Counter> events;
  private final Map<String, Counter> comparisons;

  /** Counters of events of {@code sources}, and of comparisons with {@code outcomes}. */
  public FeedbackMeters(
      MeterRegistry registry, Collection<String> sources, Collection<String> outcomes) {
    events = counters(registry, Meters.FEEDBACK_EVENTS, "source", sources);
    comparisons = counters(registry, Meters.JUDGE_COMPARISONS, "outcome", outcomes);
  }

  private static Map<String, Counter> counters(
      MeterRegistry registry, Meters meter, String tag, Collection<String> values) {
    return values.stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Function.identity(),
                value -> Counter.builder(meter.id()).tag(tag, value).register(registry)));
  }

  /** So many answers more were scored by {@code source}. */
  public void events(String source, int count) {
    Counter counter = events.get(source);
    if (counter != null) {
      counter.increment(count);
    }
  }

  /** A comparison ended with {@code outcome}. */
  public void comparison(String outcome) {
    Counter counter = comparisons.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }
}
