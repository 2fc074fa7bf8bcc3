package io.iir.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.hardware.Hardware;
import io.iir.recommend.Recommendation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a language model says of recommendations. Blocks. Thread-safe. */
@FunctionalInterface
public interface Counsel {

  /** Its advice, as clients see it, or why there is none; null: no model is asked. */
  @Nullable ObjectNode on(Hardware hardware, List<Recommendation> candidates)
      throws InterruptedException;
}
