package io.iir.registry;

import io.iir.provider.Provider;

/** What providers are, in a word. */
final class Kinds {

  private Kinds() {}

  /** {@code local}, {@code hosted} or {@code sim}. */
  static String of(Provider provider) {
    return provider.isLocal() ? "local" : provider.isHosted() ? "hosted" : "sim";
  }
}
