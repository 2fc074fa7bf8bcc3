package io.iir.rules.check;

import io.iir.classify.Category;
import io.iir.openai.Operation;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Made-up requests on which a rule is tried before a real one meets it. */
public final class Samples {

  private static final List<Operation> OPERATIONS = List.of(Operation.values());

  private Samples() {}

  /** One of each category, and one of which nothing is known; {@code headers} may be read. */
  public static List<Facts> of(Set<String> headers) {
    List<Facts> all = new ArrayList<>();
    all.add(new Facts(Map.of()));
    Map<String, String> given = new HashMap<>();
    headers.forEach(name -> given.put(name, "sample"));
    int number = 0;
    for (Category category : Category.values()) {
      String strategy = FactValues.STRATEGIES.get(number % FactValues.STRATEGIES.size());
      all.add(sample(category, strategy, number++, Map.copyOf(given)));
    }
    return all;
  }

  private static Facts sample(
      Category category, String strategy, int number, Map<String, String> headers) {
    boolean named = strategy.equals(FactValues.STRATEGIES.getFirst());
    boolean odd = number % 2 == 1;
    Facts facts =
        new Facts(headers)
            .with(Fact.OPERATION, OPERATIONS.get(number % OPERATIONS.size()).word())
            .with(Fact.PROVIDER, named ? "sample" : "auto")
            .with(Fact.MODEL, named ? "model" : "")
            .with(Fact.STRATEGY, strategy)
            .with(Fact.CATEGORY, category.wireName())
            .with(Fact.COMPLEXITY, number / 10.0)
            .with(Fact.CONFIDENCE, 1 - number / 10.0)
            .with(Fact.LANGUAGE, odd ? "en" : "de")
            .with(Fact.PROMPT_TOKENS, 1 << number)
            .with(Fact.MAX_TOKENS, odd ? 500 : 0)
            .with(Fact.STREAM, odd)
            .with(Fact.HAS_TOOLS, category == Category.FUNCTION_CALLING)
            .with(Fact.HAS_IMAGES, category == Category.VISION)
            .with(Fact.JSON_MODE, number % 3 == 0)
            .with(Fact.KEY, "sample-key")
            .with(Fact.TAGS, odd ? List.of("tier=gold") : List.of())
            .with(Fact.HOUR, 2 * number)
            .with(Fact.WEEKDAY, odd ? "SUNDAY" : "MONDAY")
            .with(Fact.DICE, 9 * number)
            .with(Fact.LOCAL_LOADED, odd ? List.of("ollama/llama3.1:8b") : List.of())
            .with(Fact.LOCAL_BUSY, number);
    return odd ? facts.with(Fact.TEAM, "sample-team").with(Fact.BUDGET_LEFT, 12.5) : facts;
  }
}
