package io.iir.registry;

import io.iir.provider.Provider;
import io.iir.provider.ProviderStatus;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What providers are, in a word. */
final class Kinds {

  private static final Set<String> BEFORE = Set.of("local", "hosted", "sim");

  private Kinds() {}

  /** {@code word} if it says what a provider turned out to be; else null. */
  static @Nullable String known(String word) {
    return BEFORE.contains(word) ? null : word;
  }

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
