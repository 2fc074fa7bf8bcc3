package io.iir.rules;

import io.iir.provider.ModelPattern;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.check.CheckedRule;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries rules in a context that is thrown away, so that what is live is neither touched nor
 * counted. Blocks. Thread-safe.
 */
final class Trials {

  private final Supplier<Map<String, LiveRule>> live;
  private final Supplier<Map<String, LiveRule>> shipped;
  private final Prover prover;
  private final ProviderDirectory directory;

  /**
   * Tries edits with the models of {@code directory}.
   *
   * @param live the rules that are edited, by id
   * @param shipped the rules that decide where others fail, by id
   */
  Trials(
      Supplier<Map<String, LiveRule>> live,
      Supplier<Map<String, LiveRule>> shipped,
      Prover prover,
      ProviderDirectory directory) {
    this.live = live;
    this.shipped = shipped;
    this.prover = prover;
    this.directory = directory;
  }

  /**
   * What is wrong with {@code edits}, each of another rule; empty if all could go live together.
   */
  List<Problem> validate(List<RuleEdit> edits) {
    try {
      Map<String, LiveRule> now = live.get();
      prover.prove(with(edits, now), RuleLibrary.rules(now));
      return List.of();
    } catch (InvalidRuleException e) {
      return e.problems();
    }
  }

  /**
   * What the rules decide for {@code facts}, and how.
   *
   * @param allowed the models that the request's key may use
   * @param edit what is tried in the place of a rule; null: what is live
   * @throws InvalidRuleException if the edit could not go live
   */
  Explained explain(Facts facts, List<ModelPattern> allowed, @Nullable RuleEdit edit)
      throws InvalidRuleException {
    Map<String, LiveRule> now = live.get();
    Map<String, CheckedRule> running = RuleLibrary.rules(now);
    Map<String, CheckedRule> rules = edit == null ? running : with(List.of(edit), now);
    Map<String, Long> versions = new TreeMap<>();
    now.forEach((id, rule) -> versions.put(id, rule.version().number()));
    if (edit != null) {
      prover.prove(rules, running);
      versions.put(edit.id(), 0L);
    }
    Trace trace = new Trace();
    try (RuleSet set = start(rules, true)) {
      Verdict verdict = set.decide(facts, trace);
      Failure why = failure(verdict, facts, allowed);
      return new Explained(why == null ? verdict : fallBack(facts, why), trace.steps(), versions);
    }
  }

  private @Nullable Failure failure(Verdict verdict, Facts facts, List<ModelPattern> allowed) {
    return switch (verdict) {
      case Failure failure -> failure;
      case Decision decision ->
          Choosing.namesUnknown(decision, facts, allowed, directory)
              ? Choosing.unknown(decision)
              : null;
    };
  }

  private Verdict fallBack(Facts facts, Failure why) throws InvalidRuleException {
    try (RuleSet last = start(RuleLibrary.rules(shipped.get()), false)) {
      return last.decide(facts, null) instanceof Decision decision ? decision.asFallback(why) : why;
    }
  }

  /**
   * What {@code edit} would have changed for {@code records}.
   *
   * @throws InvalidRuleException if it could not go live
   */
  BacktestReport backtest(RuleEdit edit, List<DecisionRecord> records) throws InvalidRuleException {
    Map<String, LiveRule> now = live.get();
    Map<String, CheckedRule> rules = with(List.of(edit), now);
    prover.prove(rules, RuleLibrary.rules(now));
    try (RuleSet set = start(rules, false)) {
      return new Backtest(directory).run(records, facts -> set.decide(facts, null));
    }
  }

  private static RuleSet start(Map<String, CheckedRule> rules, boolean traced)
      throws InvalidRuleException {
    return RuleSet.start("iir-rules-trial", false, 0, rules, traced);
  }

  private Map<String, CheckedRule> with(List<RuleEdit> edits, Map<String, LiveRule> now)
      throws InvalidRuleException {
    Map<String, CheckedRule> rules = new TreeMap<>(RuleLibrary.rules(now));
    Set<String> ids = new HashSet<>(rules.keySet());
    edits.forEach(edit -> ids.add(edit.id()));
    List<Problem> problems = new ArrayList<>();
    for (RuleEdit edit : edits) {
      try {
        rules.put(edit.id(), prover.read(edit.toFile(), ids, true));
      } catch (InvalidRuleException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidRuleException(problems, null);
    }
    return rules;
  }
}
