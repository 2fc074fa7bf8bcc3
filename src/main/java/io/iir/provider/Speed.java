package io.iir.provider;

/**
 * How fast a model has been, as exponentially weighted means: a new value {@code x} makes of the
 * mean {@code m} the mean {@code m + w * (x - m)}, with {@code w = max(1/10, 1 - 2^(-t/30 s))} and
 * {@code t} the time since the last value. What is older than 30 s thus counts half at most, and
 * seven more answers make it count half in any case. Immutable.
 *
 * @param firstTokenNanos from the call to the first token; NaN: not measured
 * @param tokensPerSecond tokens of the answer a second after the first; NaN: not measured
 * @param at when the last value came, in {@link System#nanoTime} terms
 */
record Speed(double firstTokenNanos, double tokensPerSecond, long at) {

  /** An answer of fewer tokens says nothing of their rate. */
  static final int FEWEST_TOKENS = 8;

  private static final double HALF_LIFE_NANOS = 30e9;
  private static final double LEAST_WEIGHT = 0.1;
  private static final long EXPIRY_NANOS = 600_000_000_000L;
  private static final double USUAL_TOKENS = 200;
  private static final double USUAL_RATE = 50;

  /**
   * What one answer tells; what it does not tell is NaN, and so is what cannot be.
   *
   * @param firstTokenNanos from the call to the first token
   * @param tokensPerSecond tokens a second after it
   */
  record Sample(double firstTokenNanos, double tokensPerSecond) {

    Sample {
      firstTokenNanos = firstTokenNanos >= 0 ? firstTokenNanos : Double.NaN;
      tokensPerSecond = tokensPerSecond >= 0 ? tokensPerSecond : Double.NaN;
    }

    /** A stream whose first token came after {@code first}, its end after {@code total}. */
    static Sample ofStream(long first, long total, long tokens) {
      boolean enough = tokens >= FEWEST_TOKENS && first >= 0 && total > first;
      return new Sample(first, enough ? (tokens - 1) * 1e9 / (total - first) : Double.NaN);
    }

    /** An answer that came whole: its rate has the wait for its first token in it. */
    static Sample ofWhole(long total, long tokens) {
      return tokens >= FEWEST_TOKENS && total > 0
          ? new Sample(Double.NaN, tokens * 1e9 / total)
          : new Sample(total, Double.NaN);
    }
  }

  static Speed of(Sample sample, long now) {
    return new Speed(sample.firstTokenNanos(), sample.tokensPerSecond(), now);
  }

  Speed with(Sample sample, long now) {
    double weight =
        Math.max(LEAST_WEIGHT, 1 - Math.pow(2, -Math.max(0, now - at) / HALF_LIFE_NANOS));
    return new Speed(
        mean(firstTokenNanos, sample.firstTokenNanos(), weight),
        mean(tokensPerSecond, sample.tokensPerSecond(), weight),
        now);
  }

  private static double mean(double mean, double value, double weight) {
    return Double.isNaN(value) ? mean : Double.isNaN(mean) ? value : mean + weight * (value - mean);
  }

  /**
   * How many microseconds an answer of 200 tokens takes: to the first token, then at the rate, or
   * at 50 a second where that is not measured. -1 if the last value is more than ten minutes old.
   */
  long answerMicros(long now) {
    if (now - at > EXPIRY_NANOS) {
      return -1;
    }
    double first = Double.isNaN(firstTokenNanos) ? 0 : firstTokenNanos / 1e3;
    double rate = Double.isNaN(tokensPerSecond) ? USUAL_RATE : tokensPerSecond;
    return (long) (first + USUAL_TOKENS * 1e6 / Math.max(rate, 1e-3));
  }
}
