package io.iir.rules.language;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a rule can set: {@code setVariable: {name: <word>, …}}. */
public enum Knob {
  /** Who may answer, best first: the text of a {@link io.iir.provider.TargetList}. */
  TARGETS("targets"),
  /** A word for X-Route-Reason. */
  REASON("reason"),
  /** How long the answer is kept in the cache, such as {@code 10m}; {@code 0s}: not at all. */
  CACHE_TTL("cacheTtl"),
  /** How long all attempts may take together until the answer begins, such as {@code 20s}. */
  TIMEOUT("timeout"),
  /** What is kept with the decision besides the key's tags: {@code name=value, …}. */
  TAGS("tags");

  private static final Map<String, Knob> BY_WORD =
      Arrays.stream(values()).collect(Collectors.toMap(Knob::word, Function.identity()));

  private final String word;

  Knob(String word) {
    this.word = word;
  }

  /** The variable's name in a rule. */
  public String word() {
    return word;
  }

  /** The knob of that word, or null. */
  public static @Nullable Knob of(String word) {
    return BY_WORD.get(word);
  }
}
