package io.iir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;

/** How many chats asked for what, and which stage told. All there at the start. Thread-safe. */
public final class ClassificationMeters {

  private final List<Counter[]> counters;

  /** Counters of {@code categories}, each for {@code stages} stages, from 0. */
  public ClassificationMeters(MeterRegistry registry, List<String> categories, int stages) {
    counters = categories.stream().map(each -> counters(registry, each, stages)).toList();
  }

  private static Counter[] counters(MeterRegistry registry, String category, int stages) {
    Counter[] all = new Counter[stages];
    Arrays.setAll(
        all,
        stage ->
            Counter.builder(Meters.CLASSIFICATIONS.id())
                .tags("category", category, "stage", Integer.toString(stage))
                .register(registry));
    return all;
  }

  /** One more of the category of that index, told by {@code stage}. */
  public void count(int category, int stage) {
    counters.get(category)[stage].increment();
  }
}
