package io.iir.classify;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.classify.Features.Group;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a strong model is expected to gain over a weak one on a text, above or below the mean of
 * texts of its kind: linear in the n-grams of {@link Features}, each {@link Group}'s weights summed
 * and divided by the root of its size, and in the logarithm of the text's length. Immutable and
 * thread-safe; allocates nothing.
 */
final class GainModel {

  private static final int ZERO = 128;
  private static final Group[] GROUPS = Group.values();

  private final MemorySegment table;
  private final double step;
  private final double length;
  private final double meanLength;

  private GainModel(MemorySegment table, double step, double length, double meanLength) {
    this.table = table;
    this.step = step;
    this.length = length;
    this.meanLength = meanLength;
  }

  /**
   * The model whose weights are the section {@code complexity.<name>} of {@code file}: for each
   * bucket a byte, 128 being zero.
   *
   * @throws IllegalArgumentException if the section is missing or has another length
   */
  static GainModel of(ModelFile file, String name) {
    JsonNode numbers = file.header().path(ComplexityModel.HEADER).path(name);
    return new GainModel(
        file.section(ComplexityModel.HEADER + "." + name, Features.BUCKETS),
        numbers.path("step").asDouble(),
        numbers.path("length").asDouble(),
        numbers.path("mean_length").asDouble());
  }

  /** The gain on the text that {@code features} holds, of {@code textLength} characters. */
  double of(Features features, int textLength) {
    double gain = length * (StrictMath.log1p(textLength) - meanLength);
    int[] hashes = features.hashes();
    for (Group group : GROUPS) {
      int start = features.start(group);
      int end = features.end(group);
      if (end > start) {
        gain += step * sum(hashes, start, end) / Math.sqrt(end - start);
      }
    }
    return gain;
  }

  private long sum(int[] hashes, int start, int end) {
    long sum = 0;
    for (int i = start; i < end; i++) {
      sum += table.get(ValueLayout.JAVA_BYTE, hashes[i]) & 0xff;
    }
    return sum - (long) ZERO * (end - start);
  }
}
