package io.iir.rules.language;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a rule can ask about a request: {@code ${variable.<word>}}. */
public enum Fact {
  /** What is to be done: {@code chat}, {@code embeddings} … */
  OPERATION("operation", String.class),
  /** The provider that the client named, or {@code auto}. */
  PROVIDER("provider", String.class),
  /** The model that the client named, without its provider; empty with {@code auto}. */
  MODEL("model", String.class),
  /** How to choose: {@code pass-through}, {@code auto}, {@code cost-optimized} … */
  STRATEGY("strategy", String.class),
  /** What is asked for: {@code coding}, {@code translation} … */
  CATEGORY("category", String.class),
  /** How hard it looks, 0 to 1. */
  COMPLEXITY("complexity", Double.class),
  /** How sure the category is, 0 to 1. */
  CONFIDENCE("confidence", Double.class),
  /** The language of the last user message, ISO 639-1, or {@code xx}. */
  LANGUAGE("language", String.class),
  /** Tokens of the prompt, estimated. */
  PROMPT_TOKENS("promptTokens", Integer.class),
  /** The most tokens that the client wants back; 0: it did not say. */
  MAX_TOKENS("maxTokens", Integer.class),
  /** Whether the client wants a stream. */
  STREAM("stream", Boolean.class),
  /** Whether the request offers tools. */
  HAS_TOOLS("hasTools", Boolean.class),
  /** Whether the request has images. */
  HAS_IMAGES("hasImages", Boolean.class),
  /** Whether the answer is to be JSON. */
  JSON_MODE("jsonMode", Boolean.class),
  /** The key's team; not set if it has none. */
  TEAM("team", String.class),
  /** The key's name. */
  KEY("key", String.class),
  /** The key's tags, each as {@code name=value}. */
  TAGS("tags", java.util.List.class),
  /** What is left of the key's budget, in USD; not set if it has none. */
  BUDGET_LEFT("budgetLeft", Double.class),
  /** The hour of the day, 0 to 23, where the gateway is. */
  HOUR("hour", Integer.class),
  /** The day of the week, {@code MONDAY} to {@code SUNDAY}, where the gateway is. */
  WEEKDAY("weekday", String.class),
  /** 0 to 99, always the same for the same user: a share of users, by {@code < 10}. */
  DICE("dice", Integer.class),
  /** The local models on offer now, each as {@code <provider>/<model>}. */
  LOCAL_LOADED("localLoaded", java.util.List.class),
  /** How many requests local models are answering now. */
  LOCAL_BUSY("localBusy", Integer.class);

  private static final Map<String, Fact> BY_WORD =
      Arrays.stream(values()).collect(Collectors.toMap(Fact::word, Function.identity()));

  private final String word;
  private final Class<?> type;

  Fact(String word, Class<?> type) {
    this.word = word;
    this.type = type;
  }

  /** The variable's name in a rule. */
  public String word() {
    return word;
  }

  /** What it holds. */
  public Class<?> type() {
    return type;
  }

  /** The fact of that word, or null. */
  public static @Nullable Fact of(String word) {
    return BY_WORD.get(word);
  }
}
