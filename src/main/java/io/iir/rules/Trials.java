package io.iir.rules;

import io.iir.provider.ModelPattern;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.check.CheckedRule;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tries rules in a context that is thrown away, so that what is live is neither touched nor
 * counted. Blocks. Thread-safe.
 */
final class Trials {

  private final RuleBook book;
  private final Prover prover;
  private final ProviderDirectory directory;

  /** Tries edits of the rules of {@code book} with the models of {@code directory}. */
  Trials(RuleBook book, Prover prover, ProviderDirectory directory) {
    this.book = book;
    this.prover = prover;
    this.directory = directory;
  }

  /** What is wrong with {@code edit}; empty if it could go live. */
  List<Problem> validate(RuleEdit edit) {
    try {
      prover.prove(with(edit));
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
    Map<String, CheckedRule> rules = edit == null ? RuleLibrary.rules(book.live()) : with(edit);
    Map<String, Long> versions = new TreeMap<>();
    book.live().forEach((id, rule) -> versions.put(id, rule.version().number()));
    if (edit != null) {
      prover.prove(rules);
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
    try (RuleSet shipped = start(RuleLibrary.rules(book.shipped()), false)) {
      return shipped.decide(facts, null) instanceof Decision decision
          ? decision.asFallback(why)
          : why;
    }
  }

  /**
   * What {@code edit} would have changed for {@code records}.
   *
   * @throws InvalidRuleException if it could not go live
   */
  BacktestReport backtest(RuleEdit edit, List<DecisionRecord> records) throws InvalidRuleException {
    Map<String, CheckedRule> rules = with(edit);
    prover.prove(rules);
    try (RuleSet set = start(rules, false)) {
      return new Backtest(directory).run(records, facts -> set.decide(facts, null));
    }
  }

  private static RuleSet start(Map<String, CheckedRule> rules, boolean traced)
      throws InvalidRuleException {
    return RuleSet.start("iir-rules-trial", false, 0, rules, traced);
  }

  private Map<String, CheckedRule> with(RuleEdit edit) throws InvalidRuleException {
    Map<String, CheckedRule> rules = new TreeMap<>(RuleLibrary.rules(book.live()));
    Set<String> ids = new HashSet<>(rules.keySet());
    ids.add(edit.id());
    RuleFile file =
        RuleFile.of(
            edit.id() + RuleFile.SUFFIX, edit.text().getBytes(StandardCharsets.UTF_8), false);
    rules.put(edit.id(), prover.read(file, ids, true));
    return rules;
  }
}
