package io.iir.registry;

import io.iir.provider.Provider;
import io.iir.provider.ProviderStatus;
import org.jspecify.annotations.Nullable;

/** What providers are, in a word. */
final class Kinds {

  private Kinds() {}

  /**
   * What {@code provider} turned out to be when it gave its list, such as {@code ollama}; before
   * that {@code local}, {@code hosted} or {@code sim}.
   */
  static String of(Provider provider, @Nullable ProviderStatus status) {
    return status != null && status.kind() != null
        ? status.kind()
        : provider.isLocal() ? "local" : provider.isHosted() ? "hosted" : "sim";
  }
}
