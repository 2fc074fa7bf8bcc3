package io.iir.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a model would try what is recommended, and why. Immutable.
 *
 * @param model who says so: {@code <provider>/<model>}, or the setting where that names none
 * @param ranked each recommendation once, best first
 * @param failure why the order is the recommendations' own: a sentence without secrets; null: it is
 *     the model's
 */
public record Advice(String model, List<Ranked> ranked, @Nullable String failure) {

  public Advice {
    ranked = List.copyOf(ranked);
  }

  /**
   * A recommendation in its place.
   *
   * @param model the catalogue's id of its model
   * @param quantization how its weights are kept
   * @param reason why it is there, in the advisor's words; null: it gave none
   */
  public record Ranked(String model, String quantization, @Nullable String reason) {}
}
