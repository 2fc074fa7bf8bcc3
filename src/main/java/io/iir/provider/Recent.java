package io.iir.provider;

import io.iir.provider.ProviderReport.Percentiles;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.TimeWindowPercentileHistogram;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a model was in the last five minutes: of first tokens and of tokens a second, the median
 * and the 95th percentile. Kept in HdrHistograms with one digit's precision or better, a minute
 * each, by Micrometer. Thread-safe, without locks but where a minute ends.
 */
final class Recent {

  private static final DistributionStatisticConfig WINDOW =
      DistributionStatisticConfig.builder()
          .percentiles(0.5, 0.95)
          .percentilePrecision(2)
          .minimumExpectedValue(0.001)
          .maximumExpectedValue(1e7)
          .expiry(Duration.ofMinutes(5))
          .bufferLength(5)
          .build()
          .merge(DistributionStatisticConfig.DEFAULT);

  private final TimeWindowPercentileHistogram firstTokenMillis;
  private final TimeWindowPercentileHistogram tokensPerSecond;

  Recent(LongSupplier nanoClock) {
    Clock clock =
        new Clock() {
          @Override
          public long wallTime() {
            return TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong());
          }

          @Override
          public long monotonicTime() {
            return nanoClock.getAsLong();
          }
        };
    firstTokenMillis = new TimeWindowPercentileHistogram(clock, WINDOW, false);
    tokensPerSecond = new TimeWindowPercentileHistogram(clock, WINDOW, false);
  }

  void record(Speed.Sample sample) {
    if (sample.firstTokenNanos() >= 0) {
      firstTokenMillis.recordDouble(sample.firstTokenNanos() / 1e6);
    }
    if (sample.tokensPerSecond() >= 0) {
      tokensPerSecond.recordDouble(sample.tokensPerSecond());
    }
  }

  /** Of the times to the first token, in milliseconds. */
  Percentiles firstTokenMillis() {
    return percentiles(firstTokenMillis);
  }

  /** Of the tokens a second. */
  Percentiles tokensPerSecond() {
    return percentiles(tokensPerSecond);
  }

  private static Percentiles percentiles(TimeWindowPercentileHistogram of) {
    double p50 = Double.NaN;
    double p95 = Double.NaN;
    for (ValueAtPercentile each : of.takeSnapshot(0, 0, 0).percentileValues()) {
      double value = each.value() > 0 ? each.value() : Double.NaN;
      if (each.percentile() < 0.9) {
        p50 = value;
      } else {
        p95 = value;
      }
    }
    return new Percentiles(p50, p95);
  }
}
