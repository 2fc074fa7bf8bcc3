package io.iir.feedback;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a fit found, one version of it. Immutable.
 *
 * @param number of the version; 0: it has none yet
 * @param at when it was fitted
 * @param source what for
 * @param author the id of the key that commanded it, or {@code gateway}
 * @param outcome what became of it
 * @param classifier the classifier's version, for whose complexities it holds
 * @param target the quality that it was to keep
 * @param byPair each pair's part, those of most events first
 */
public record Calibration(
    long number,
    Instant at,
    Source source,
    String author,
    Outcome outcome,
    String classifier,
    double target,
    Map<Pair, PairCalibration> byPair) {

  /** What it was fitted for. */
  public enum Source {
    /** An administrator commanded it. */
    COMMAND,
    /** It was time. */
    SCHEDULE
  }

  /** What became of it. */
  public enum Outcome {
    /** It was used. */
    ACCEPTED,
    /** It was taken back. */
    ROLLED_BACK
  }

  static Map<Pair, PairCalibration> byPair(List<PairCalibration> pairs) {
    return pairs.stream()
        .collect(
            Collectors.toMap(
                PairCalibration::pair,
                Function.identity(),
                (first, second) -> first,
                java.util.LinkedHashMap::new));
  }

  /** What is known of {@code pair}; null: nothing. */
  public @Nullable PairCalibration of(Pair pair) {
    return byPair.get(pair);
  }

  Calibration numbered(long number) {
    return new Calibration(number, at, source, author, outcome, classifier, target, byPair);
  }
}
