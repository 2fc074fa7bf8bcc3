package io.iir.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Requests that a rule must be able to decide before it goes live: each value that conditions
 * commonly ask for, and all that can be missing missing.
 */
final class Samples {

  private static final List<String> CATEGORIES =
      List.of("coding", "math", "general_chat", "function_calling", "vision", "long_context");
  private static final List<String> STRATEGIES =
      List.of("auto", "pass-through", "cost-optimized", "quality-first", "local-only", "fastest");

  private static final List<Facts> ALL = make();

  private Samples() {}

  /** The requests. */
  static List<Facts> all() {
    return ALL;
  }

  private static List<Facts> make() {
    List<Facts> all = new ArrayList<>();
    int n = 0;
    for (String strategy : STRATEGIES) {
      for (String category : CATEGORIES) {
        for (int tokens : new int[] {1, 900, 200_000}) {
          all.add(sample(strategy, category, tokens, n++));
        }
      }
    }
    return List.copyOf(all);
  }

  private static Facts sample(String strategy, String category, int tokens, int n) {
    boolean named = strategy.equals("pass-through");
    Facts facts =
        new Facts(n % 2 == 0 ? Map.of() : Map.of("user-agent", "sample"))
            .with(Fact.PROVIDER, named ? "sim" : "auto")
            .with(Fact.MODEL, named ? "echo" : "")
            .with(Fact.STRATEGY, strategy)
            .with(Fact.CATEGORY, category)
            .with(Fact.COMPLEXITY, n % 11 / 10.0)
            .with(Fact.CONFIDENCE, n % 7 / 6.0)
            .with(Fact.LANGUAGE, n % 3 == 0 ? "xx" : "en")
            .with(Fact.PROMPT_TOKENS, tokens)
            .with(Fact.MAX_TOKENS, n % 2 == 0 ? 0 : 1000)
            .with(Fact.STREAM, n % 2 == 0)
            .with(Fact.HAS_TOOLS, category.equals("function_calling"))
            .with(Fact.HAS_IMAGES, category.equals("vision"))
            .with(Fact.JSON_MODE, n % 5 == 0)
            .with(Fact.KEY, "sample")
            .with(Fact.TAGS, n % 2 == 0 ? List.of() : List.of("env=test"))
            .with(Fact.HOUR, n % 24)
            .with(Fact.WEEKDAY, n % 7 == 0 ? "SUNDAY" : "MONDAY")
            .with(Fact.DICE, n * 7 % 100)
            .with(Fact.LOCAL_LOADED, n % 2 == 0 ? List.of() : List.of("local/sample"))
            .with(Fact.LOCAL_BUSY, n % 4);
    return n % 3 == 0
        ? facts
        : facts.with(Fact.TEAM, "sample").with(Fact.BUDGET_LEFT, n % 2 == 0 ? 0.0 : 12.5);
  }
}
