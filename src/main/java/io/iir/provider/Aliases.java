package io.iir.provider;

import io.iir.config.StartException;
import java.util.Map;

/** Bare names that stand for models, or for {@code auto}. */
final class Aliases {

  private Aliases() {}

  /**
   * A copy of {@code aliases}.
   *
   * @throws StartException if one stands for nothing that can be a model
   */
  static Map<String, String> checked(Map<String, String> aliases) {
    aliases.forEach((alias, target) -> {
      boolean auto = target.equals("auto") || target.startsWith("auto/");
      if (!auto && !ModelName.isValid(target)) {
        throw new StartException(
            "iir.aliases.%s = '%s' must be <provider>/<model> or auto.".formatted(alias, target));
      }
    });
    return Map.copyOf(aliases);
  }
}
