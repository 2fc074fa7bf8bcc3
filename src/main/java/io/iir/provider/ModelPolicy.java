package io.iir.provider;

import java.util.List;

/** Which model names a provider takes. */
public sealed interface ModelPolicy {

  /** Those in the list that the provider gives itself. */
  record Discover() implements ModelPolicy {}

  /** Any: names are passed on, and nothing is listed. */
  record Any() implements ModelPolicy {}

  /**
   * Those an operator wrote down.
   *
   * @param names as the provider knows them
   */
  record Listed(List<String> names) implements ModelPolicy {
    public Listed {
      names = List.copyOf(names);
    }
  }

  /** What the setting {@code models} says: {@code discover}, {@code any}, or names. */
  static ModelPolicy of(List<String> setting) {
    return switch (setting.size() == 1 ? setting.getFirst() : "") {
      case "discover" -> new Discover();
      case "any" -> new Any();
      default -> new Listed(setting);
    };
  }
}
