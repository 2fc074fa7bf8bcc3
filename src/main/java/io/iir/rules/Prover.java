package io.iir.rules;

import io.iir.rules.check.CheckedRule;
import io.iir.rules.check.RuleReader;
import io.iir.rules.check.Samples;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import io.iir.rules.language.Vocabulary;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that rules can decide before they go live: reads and checks each text, starts all in a
 * context that is thrown away, and runs samples and the facts of recent requests through it.
 * Thread-safe.
 */
final class Prover implements AutoCloseable {

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
   * Makes sure that {@code rules}, by id, decide each sample together.
   *
   * @throws InvalidRuleException saying for which request they do not
   */
  void prove(Map<String, CheckedRule> rules) throws InvalidRuleException {
    prove(rules, Map.of());
  }

  /**
   * Makes sure that {@code rules}, by id, decide each sample together, and each recent request that
   * {@code running} decide. A request that both fail for is no reason to refuse a change.
   *
   * @param running the rules that decide now, by id; empty: recent requests do not matter
   * @throws InvalidRuleException saying for which request they do not
   */
  void prove(Map<String, CheckedRule> rules, Map<String, CheckedRule> running)
      throws InvalidRuleException {
    checkCalls(rules);
    try (RuleSet set = RuleSet.start(CONTEXT, false, 0, rules, true)) {
      for (Facts facts : Samples.of(vocabulary.headers())) {
        Problem problem = problem(set, facts);
        if (problem != null) {
          throw new InvalidRuleException(problem);
        }
      }
      if (!running.isEmpty()) {
        for (Facts facts : recent.get()) {
          Problem problem = problem(set, facts);
          if (problem != null && decides(running, facts)) {
            throw new InvalidRuleException(problem);
          }
        }
      }
    }
  }

  private static boolean decides(Map<String, CheckedRule> rules, Facts facts)
      throws InvalidRuleException {
    try (RuleSet set = RuleSet.start(CONTEXT, false, 0, rules, false)) {
      return set.decide(facts, null) instanceof Decision;
    }
  }

  private static @Nullable Problem problem(RuleSet set, Facts facts) {
    Trace trace = new Trace();
    return set.decide(facts, trace) instanceof Failure failure
        ? problem(failure, facts, trace)
        : null;
  }

  /** Which of {@code rules} it is that fails for {@code facts}: where the request went last. */
  static String blamed(Map<String, CheckedRule> rules, Facts facts) throws InvalidRuleException {
    try (RuleSet set = RuleSet.start(CONTEXT, false, 0, rules, true)) {
      Problem problem = problem(set, facts);
      return problem == null
          ? RuleFile.ENTRY
          : problem.file().substring(0, problem.file().length() - RuleFile.SUFFIX.length());
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

  /** What kind of request it was; nothing that a client or key names. */
  private static String words(Facts facts) {
    return Stream.of(
            Fact.STRATEGY,
            Fact.CATEGORY,
            Fact.PROMPT_TOKENS,
            Fact.MAX_TOKENS,
            Fact.STREAM,
            Fact.HAS_TOOLS,
            Fact.HAS_IMAGES,
            Fact.HOUR)
        .filter(fact -> facts.get(fact) != null)
        .map(fact -> fact.word() + "=" + facts.get(fact))
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    reader.close();
  }
}
