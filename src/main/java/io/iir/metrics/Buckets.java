package io.iir.metrics;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;

/** The buckets of the histograms of times, finer where most of them are. */
enum Buckets {
  /** Of steps, which take microseconds but for those that wait for others. */
  STEP(
      10,
      25,
      50,
      100,
      250,
      500,
      1_000,
      2_500,
      10_000,
      50_000,
      250_000,
      1_000_000,
      5_000_000,
      30_000_000),
  /** Of whole requests and calls. */
  REQUEST(
      1_000,
      2_000,
      5_000,
      10_000,
      25_000,
      50_000,
      100_000,
      250_000,
      500_000,
      1_000_000,
      2_500_000,
      5_000_000,
      10_000_000,
      30_000_000,
      60_000_000),
  /** Until the first token. */
  FIRST_TOKEN(
      10_000,
      25_000,
      50_000,
      100_000,
      250_000,
      500_000,
      1_000_000,
      2_500_000,
      5_000_000,
      10_000_000,
      30_000_000),
  /**
   * For each token after it.
   *
   * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">the advice of
   *     OpenTelemetry's conventions</a>
   */
  TOKEN(
      1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 75_000, 100_000, 150_000, 200_000, 300_000,
      400_000, 500_000, 750_000, 1_000_000, 2_500_000);

  @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
  private final Duration[] bounds;

  Buckets(long... micros) {
    bounds =
        Arrays.stream(micros)
            .mapToObj(each -> Duration.ofNanos(each * 1000))
            .toArray(Duration[]::new);
  }

  /** A timer of {@code meter} with these buckets. */
  Timer.Builder timer(Meters meter) {
    return Timer.builder(meter.id()).serviceLevelObjectives(bounds);
  }
}
