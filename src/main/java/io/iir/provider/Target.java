package io.iir.provider;

import java.util.List;

/** One part of a {@link TargetList}. */
sealed interface Target {

  /**
   * One model, whether or not it exists.
   *
   * @param name the model
   */
  record Named(ModelName name) implements Target {}

  /**
   * The models on offer whose id fits.
   *
   * @param pattern {@code *}, or an id's beginning with {@code *} behind it
   */
  record Matching(String pattern) implements Target {}

  /**
   * Some of the models of a list, or all in another order, as a selector decides.
   *
   * @param selector decides
   * @param arguments the list
   */
  record Selected(Selector selector, List<Target> arguments) implements Target {
    public Selected {
      arguments = List.copyOf(arguments);
    }
  }
}
