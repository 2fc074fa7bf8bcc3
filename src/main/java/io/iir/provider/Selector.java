package io.iir.provider;

import io.iir.config.Protocol;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A word of a {@link TargetList} that picks from a list; alone, from all models on offer. */
enum Selector {
  /** Those of servers on this machine or in its private network. */
  LOCAL {
    @Override
    List<ModelName> pick(List<ModelName> from, ProviderDirectory directory) {
      return of(from, directory, Provider::isLocal);
    }
  },
  /** Those of services on the Internet. */
  HOSTED {
    @Override
    List<ModelName> pick(List<ModelName> from, ProviderDirectory directory) {
      return of(from, directory, Provider::isHosted);
    }
  },
  /** All but simulated ones, unless there are no others. */
  ANY {
    @Override
    List<ModelName> pick(List<ModelName> from, ProviderDirectory directory) {
      List<ModelName> real = of(from, directory, provider -> provider.protocol() != Protocol.SIM);
      return real.isEmpty() ? from : real;
    }
  };

  /** The models of {@code from} that it picks, best first. */
  abstract List<ModelName> pick(List<ModelName> from, ProviderDirectory directory);

  /** The name in lower case, as rules write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The selector that {@code word} names, or null. */
  static @Nullable Selector named(String word) {
    for (Selector selector : values()) {
      if (selector.word().equals(word)) {
        return selector;
      }
    }
    return null;
  }

  private static List<ModelName> of(
      List<ModelName> from, ProviderDirectory directory, Predicate<Provider> fits) {
    return from.stream()
        .filter(name -> {
          Provider provider = directory.provider(name.provider());
          return provider != null && fits.test(provider);
        })
        .toList();
  }
}
