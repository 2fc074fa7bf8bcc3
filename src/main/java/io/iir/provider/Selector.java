package io.iir.provider;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A word of the targets' language that picks models or puts them in order: alone, of all models on
 * offer; with brackets behind it, of those that they hold.
 */
enum Selector {
  /** Those of servers on this machine or in its private network. */
  LOCAL,
  /** Those of services on the Internet. */
  HOSTED,
  /** All but simulated ones, unless there are no others. */
  ANY,
  /** By price, the lowest first. */
  CHEAPEST,
  /** By quality, the highest first. */
  BEST,
  /** By measured speed. */
  FASTEST,
  /** By requests in flight, the fewest first. */
  IDLEST,
  /** By given shares of users. */
  WEIGHTED;

  /** All words. */
  static final List<String> WORDS = Stream.of(values()).map(Selector::word).toList();

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
}
