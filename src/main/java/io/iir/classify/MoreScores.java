package io.iir.classify;

/**
 * What a {@link SecondStage} says of a text.
 *
 * @param firstWeight how much the first stage's scores, as its model sums them up, count beside
 * @param scores what speaks for each category; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record MoreScores(double firstWeight, double[] scores) {

  /** Adds to the first stage's scores, which were divided by {@code temperature}. */
  void addTo(double[] first, double temperature) {
    for (int i = 0; i < first.length; i++) {
      first[i] = first[i] * temperature * firstWeight + scores[i];
    }
  }
}
