package io.iir.classify.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was learned of one kind of text.
 *
 * @param name of the kind
 * @param table a byte for each bucket
 * @param length the weight of the logarithm of a text's length
 * @param meanLength the mean of these logarithms
 * @param samples how many it was learned from
 */
record GainWeights(String name, Quantized table, double length, double meanLength, int samples) {

  /** A subject's mean counts as if so many questions of its set stood beside its own. */
  private static final double PRIOR = 15;

  /** The share of a subject's mean in the target of one of its questions. */
  private static final double SUBJECT_SHARE = 0.8;

  /**
   * Learns from {@code samples}. One answer says little of a question: whether a model knows it is
   * partly chance. So a target leans on the mean of its subject, and counts from the mean of its
   * set, as sets differ in how answers were judged.
   *
   * @param length the weight of the logarithm of a text's length
   */
  static GainWeights learn(String name, List<GainSample> samples, double length, long seed) {
    float[] weights = GainRegression.train(samples, targets(samples), seed);
    double sum = 0;
    for (GainSample sample : samples) {
      sum += StrictMath.log1p(sample.outcome().text().length());
    }
    double meanLength = samples.isEmpty() ? 0 : sum / samples.size();
    return new GainWeights(name, Quantized.of(weights), length, meanLength, samples.size());
  }

  /** Puts the numbers into a model's header and the table into its sections. */
  void putInto(ObjectNode header, Map<String, byte[]> sections) {
    header
        .putObject(name)
        .put("step", table.step())
        .put("length", length)
        .put("mean_length", meanLength)
        .put("questions", samples);
    sections.put("complexity." + name, table.bytes());
  }

  private static double[] targets(List<GainSample> samples) {
    Map<String, Mean> sets = new HashMap<>();
    Map<String, Mean> subjects = new HashMap<>();
    for (GainSample sample : samples) {
      sets.computeIfAbsent(set(sample), key -> new Mean()).add(sample.outcome().gain());
      subjects.computeIfAbsent(subject(sample), key -> new Mean()).add(sample.outcome().gain());
    }
    double[] targets = new double[samples.size()];
    for (int i = 0; i < targets.length; i++) {
      GainSample sample = samples.get(i);
      double mean = Objects.requireNonNull(sets.get(set(sample))).of();
      double subject = Objects.requireNonNull(subjects.get(subject(sample))).towards(mean);
      double own = sample.outcome().gain();
      boolean parts = !sample.outcome().subject().equals(sample.outcome().set());
      targets[i] = (parts ? SUBJECT_SHARE * subject + (1 - SUBJECT_SHARE) * own : own) - mean;
    }
    return targets;
  }

  private static String set(GainSample sample) {
    return sample.outcome().set() + '/' + sample.outcome().pair();
  }

  private static String subject(GainSample sample) {
    return set(sample) + '/' + sample.outcome().subject();
  }

  private static final class Mean {
    private double sum;
    private int count;

    void add(double one) {
      sum += one;
      count++;
    }

    double of() {
      return sum / count;
    }

    double towards(double mean) {
      return (sum + PRIOR * mean) / (count + PRIOR);
    }
  }
}
