package io.iir.rules.language;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What rules may speak of besides {@link Fact}s and {@link Knob}s. Immutable.
 *
 * @param headers the request headers that they may read, in lower case
 * @param beans the beans that they may call, with the methods that they may call of each
 * @param models tells what is wrong with a model that a rule names
 */
public record Vocabulary(Set<String> headers, Map<String, Set<String>> beans, ModelCheck models) {

  /** Tells what is wrong with a model's name. */
  @FunctionalInterface
  public interface ModelCheck {

    /** What is wrong with {@code provider/model}: message and hint; null if nothing is. */
    @Nullable Finding check(String id);
  }

  /**
   * What is wrong with a name.
   *
   * @param message what is wrong
   * @param hint what was perhaps meant, what there is; or null
   */
  public record Finding(String message, @Nullable String hint) {}
}
