package io.iir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How many chats asked for what, and which stage told. All there at the start. Thread-safe. */
public final class ClassificationMeters {

  private final Map<String, List<Counter>> counters;

  /** Counters of {@code categories}, each for {@code stages} stages, from 0. */
  public ClassificationMeters(MeterRegistry registry, List<String> categories, int stages) {
    counters =
        categories.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(), each -> counters(registry, each, stages)));
  }

  private static List<Counter> counters(MeterRegistry registry, String category, int stages) {
    return IntStream.range(0, stages)
        .mapToObj(stage ->
            Counter.builder(Meters.CLASSIFICATIONS.id())
                .tags("category", category, "stage", Integer.toString(stage))
                .register(registry))
        .toList();
  }

  /**
   * One more of {@code category}, told by {@code stage}; a category that is none is not counted.
   */
  public void count(String category, int stage) {
    List<Counter> stages = counters.get(category);
    if (stages != null) {
      stages.get(stage).increment();
    }
  }
}
