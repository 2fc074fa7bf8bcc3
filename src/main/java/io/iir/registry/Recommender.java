package io.iir.registry;

import io.iir.hardware.Hardware;
import io.iir.recommend.Recommendation;
import java.util.List;

/** Tells which models a machine can run. Thread-safe. */
@FunctionalInterface
public interface Recommender {

  /**
   * What {@code hardware} can run, the best first.
   *
   * @param context tokens of prompt and answer for which there must be room
   */
  List<Recommendation> recommend(Hardware hardware, int context);
}
