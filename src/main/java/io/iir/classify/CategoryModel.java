package io.iir.classify;

import io.iir.classify.BadModelException.Fault;
import io.iir.classify.Features.Group;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The first stage: multinomial logistic regression over {@link Features}. A score is the sum of
 * each {@link Group}'s weights, divided by the root of the group's size, and of the dense numbers'
 * weights; the temperature makes probabilities of scores that are as sure as they are right (Guo et
 * al. 2017, arXiv 1706.04599). Immutable and thread-safe.
 *
 * <p>A row of the table holds an n-gram's weights for the eight categories, a byte each, 128 being
 * zero: one load and four additions add a row to eight sums, as four bytes at a time are spread
 * over the 16-bit lanes of a long. A lane holds 257 bytes' sum; it is emptied after 256.
 */
final class CategoryModel {

  /** The section with the table: {@link Features#BUCKETS} rows of eight bytes. */
  static final String TABLE = "category.table";

  /** The section with the dense numbers' weights: for each number eight floats. */
  static final String DENSE = "category.dense";

  /** The byte that stands for a weight of zero. */
  static final int ZERO = 128;

  private static final int CATEGORIES = Category.OF_TEXT.size();
  private static final long EVEN = 0x00ff00ff00ff00ffL;
  private static final int ROWS_A_LANE = 256;
  private static final ValueLayout.OfLong ROW =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Group[] GROUPS = Group.values();

  private final MemorySegment table;
  private final float[] dense;
  private final double step;
  private final double temperature;

  private CategoryModel(MemorySegment table, float[] dense, double step, double temperature) {
    this.table = table;
    this.dense = dense;
    this.step = step;
    this.temperature = temperature;
  }

  /**
   * The category model of {@code file}.
   *
   * @throws BadModelException if it is made for other categories or features
   */
  static CategoryModel of(ModelFile file) {
    List<String> told =
        file.header().path("categories").valueStream().map(category -> category.asText()).toList();
    List<String> wanted = Category.OF_TEXT.stream().map(Category::wireName).toList();
    if (!told.equals(wanted)) {
      throw new BadModelException(
          Fault.INCOMPATIBLE,
          "Classifier %s tells %s, not %s: it is of another version of the gateway."
              .formatted(file.version(), told, wanted));
    }
    if (!file.header().path("features").asText().equals(FeatureKind.current())) {
      throw new BadModelException(
          Fault.INCOMPATIBLE,
          "Classifier %s was trained with other cues than this gateway's: train it anew."
              .formatted(file.version()));
    }
    double step = file.header().path("step").asDouble();
    double temperature = file.header().path("temperature").asDouble();
    if (!(step > 0 && step < 1e6 && temperature > 0 && temperature < 1e6)) {
      throw new BadModelException(
          Fault.INCOMPATIBLE,
          "Classifier %s has the step %s and the temperature %s: both must be above 0. Train it anew."
              .formatted(file.version(), step, temperature));
    }
    return new CategoryModel(
        file.section(TABLE, (long) Features.BUCKETS * CATEGORIES),
        file.section(DENSE, (long) Features.DENSE * CATEGORIES * Float.BYTES).toArray(FLOAT),
        step,
        temperature);
  }

  /** Puts each category's score into {@code scores}: the logarithm of its odds, but for a sum. */
  void scores(Features features, double[] scores) {
    for (int c = 0; c < CATEGORIES; c++) {
      scores[c] = 0;
    }
    for (Group group : GROUPS) {
      int start = features.start(group);
      int end = features.end(group);
      if (end > start) {
        add(features.hashes(), start, end, step / Math.sqrt(end - start), scores);
      }
    }
    float[] numbers = features.dense();
    for (int i = 0, w = 0; i < numbers.length; i++) {
      float number = numbers[i];
      for (int c = 0; c < CATEGORIES; c++, w++) {
        scores[c] += number * dense[w];
      }
    }
    for (int c = 0; c < CATEGORIES; c++) {
      scores[c] /= temperature;
    }
  }

  /** What the sums were divided by to become scores. */
  double temperature() {
    return temperature;
  }

  private void add(int[] hashes, int start, int end, double scale, double[] scores) {
    long s0 = 0;
    long s1 = 0;
    long s2 = 0;
    long s3 = 0;
    long s4 = 0;
    long s5 = 0;
    long s6 = 0;
    long s7 = 0;
    for (int i = start; i < end; ) {
      int to = Math.min(end, i + ROWS_A_LANE);
      long even = 0;
      long odd = 0;
      for (; i < to; i++) {
        long row = table.getAtIndex(ROW, hashes[i]);
        even += row & EVEN;
        odd += (row >>> 8) & EVEN;
      }
      s0 += even & 0xffff;
      s2 += (even >>> 16) & 0xffff;
      s4 += (even >>> 32) & 0xffff;
      s6 += even >>> 48;
      s1 += odd & 0xffff;
      s3 += (odd >>> 16) & 0xffff;
      s5 += (odd >>> 32) & 0xffff;
      s7 += odd >>> 48;
    }
    long zero = (long) ZERO * (end - start);
    scores[0] += scale * (s0 - zero);
    scores[1] += scale * (s1 - zero);
    scores[2] += scale * (s2 - zero);
    scores[3] += scale * (s3 - zero);
    scores[4] += scale * (s4 - zero);
    scores[5] += scale * (s5 - zero);
    scores[6] += scale * (s6 - zero);
    scores[7] += scale * (s7 - zero);
  }
}
