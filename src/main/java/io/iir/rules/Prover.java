package io.iir.rules;

import io.iir.rules.check.CheckedRule;
import io.iir.rules.check.RuleReader;
import io.iir.rules.check.Samples;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import io.iir.rules.language.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes sure that rules can decide before they go live: reads and checks each text, starts all in a
 * context that is thrown away, and runs samples and the facts of recent requests through it.
 * Thread-safe.
 */
final class Prover {

  private static final String CONTEXT = "iir-rules-check";

  private final Vocabulary vocabulary;
  private final RuleReader reader;
  private final Supplier<List<Facts>> recent;

  /**
   * Checks against {@code vocabulary}; {@code recent} gives facts of requests that were decided.
   */
  Prover(Vocabulary vocabulary, RuleReader reader, Supplier<List<Facts>> recent) {
    this.vocabulary = vocabulary;
    this.reader = reader;
    this.recent = recent;
  }

  /**
   * The rule that {@code file} holds.
   *
   * @param others the ids of the rules that it may hand on to
   * @param models whether the models that it names must be known now
   */
  CheckedRule read(RuleFile file, Set<String> others, boolean models) throws InvalidRuleException {
    Vocabulary known =
        models
            ? vocabulary
            : new Vocabulary(vocabulary.headers(), vocabulary.beans(), name -> null);
    return reader.read(file.name(), file.content(), file.id(), others, known);
  }

  /**
   * Makes sure that {@code rules}, by id, decide each sample and each recent request together.
   *
   * @throws InvalidRuleException saying for which request they do not
   */
  void prove(Map<String, CheckedRule> rules) throws InvalidRuleException {
    checkCalls(rules);
    try (RuleSet set = RuleSet.start(CONTEXT, false, 0, rules, true)) {
      List<Facts> all = new ArrayList<>(Samples.of(vocabulary.headers()));
      all.addAll(recent.get());
      for (Facts facts : all) {
        Trace trace = new Trace();
        if (set.decide(facts, trace) instanceof Failure failure) {
          throw new InvalidRuleException(problem(failure, facts, trace));
        }
      }
    }
  }

  /** Rules that hand on to each other in a circle would never end. */
  private static void checkCalls(Map<String, CheckedRule> rules) throws InvalidRuleException {
    for (String id : rules.keySet()) {
      follow(id, rules, new LinkedHashSet<>());
    }
  }

  private static void follow(String id, Map<String, CheckedRule> rules, Set<String> way)
      throws InvalidRuleException {
    if (!way.add(id)) {
      String circle = String.join(" -> ", way) + " -> " + id;
      throw new InvalidRuleException(
          new Problem(
              way.iterator().next() + RuleFile.SUFFIX,
              0,
              0,
              "the rules hand on to each other in a circle: " + circle,
              "take one of the to: steps out"));
    }
    CheckedRule rule = rules.get(id);
    if (rule != null) {
      for (String next : rule.outline().calls()) {
        follow(next, rules, way);
      }
    }
    way.remove(id);
  }

  /** The failure, at the place of the branch that the request went into last. */
  private static Problem problem(Failure failure, Facts facts, Trace trace) {
    String rule = RuleFile.ENTRY;
    int line = 0;
    for (Trace.Step step : trace.steps()) {
      if (step.taken()) {
        rule = step.rule();
        line = step.branch().line();
      }
    }
    return new Problem(
        rule + RuleFile.SUFFIX,
        line,
        0,
        "it fails for a request: " + failure.message(),
        "the request was " + words(facts));
  }

  private static String words(Facts facts) {
    StringBuilder words = new StringBuilder();
    facts
        .set()
        .forEach((fact, value) ->
            words
                .append(words.isEmpty() ? "" : ", ")
                .append(fact.word())
                .append('=')
                .append(value));
    return words.toString();
  }
}
