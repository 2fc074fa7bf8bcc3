package io.iir.rules;

import io.iir.provider.Candidate;
import io.iir.provider.Price;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.BacktestReport.Move;
import io.iir.rules.BacktestReport.Totals;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides recorded requests once more and compares. Both what was decided then and what is decided
 * now are turned into models by what is on offer now: so only what the rules change counts, and not
 * what has changed around them. Where the rules fail, the gateway would let the shipped rule
 * decide; here such a decision is counted among the failures, by their cause, and as one that has
 * not changed. For one use, by one thread.
 */
final class Backtest {

  /** No model. */
  static final String NONE = "(none)";

  private final ProviderDirectory directory;
  private final Map<String, Totals> byCategory = new TreeMap<>();
  private final Map<String, Totals> byTeam = new TreeMap<>();
  private final Map<String, Map<String, Integer>> moves = new TreeMap<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private Totals total = Totals.NONE;

  Backtest(ProviderDirectory directory) {
    this.directory = directory;
  }

  /** Compares {@code records} with what {@code rules} decide. */
  BacktestReport run(List<DecisionRecord> records, Function<Facts, Verdict> rules) {
    for (DecisionRecord record : records) {
      Candidate before = first(record.decision(), record);
      Candidate after = before;
      switch (rules.apply(record.facts())) {
        case Decision decision -> after = first(decision, record);
        case Failure failure -> failures.merge(failure.cause().word(), 1, Integer::sum);
      }
      add(record, before, after);
    }
    List<Move> all =
        moves.entrySet().stream()
            .flatMap(from ->
                from.getValue().entrySet().stream()
                    .map(to -> new Move(from.getKey(), to.getKey(), to.getValue())))
            .sorted(Comparator.comparingInt(Move::decisions).reversed())
            .toList();
    return new BacktestReport(total, all, byCategory, byTeam, failures);
  }

  private @Nullable Candidate first(Decision decision, DecisionRecord record) {
    List<Candidate> chosen = Choosing.choose(decision, record.facts(), record.allowed(), directory);
    return chosen.isEmpty() ? null : chosen.getFirst();
  }

  private void add(DecisionRecord record, @Nullable Candidate before, @Nullable Candidate after) {
    String from = before == null ? NONE : before.name().id();
    String to = after == null ? NONE : after.name().id();
    boolean changed = !from.equals(to);
    if (changed) {
      moves.computeIfAbsent(from, key -> new TreeMap<>()).merge(to, 1, Integer::sum);
    }
    Price old = before == null ? Price.FREE : before.facts().price();
    Price now = after == null ? Price.FREE : after.facts().price();
    int moved = changed ? 1 : 0;
    Totals one =
        old == null || now == null
            ? new Totals(1, moved, 1, 0, 0)
            : new Totals(1, moved, 0, cost(old, record), cost(now, record));
    total = total.plus(one);
    byCategory.merge(record.facts().text(Fact.CATEGORY), one, Totals::plus);
    byTeam.merge(record.facts().text(Fact.TEAM), one, Totals::plus);
  }

  private static long cost(Price price, DecisionRecord record) {
    DecisionRecord.Ending ending = record.ending();
    if (ending != null && ending.model() != null) {
      return price.nanoUsd(ending.promptTokens(), ending.completionTokens());
    }
    int wanted = record.facts().number(Fact.MAX_TOKENS);
    return price.nanoUsd(
        record.facts().number(Fact.PROMPT_TOKENS), wanted == 0 ? Choosing.USUAL_ANSWER : wanted);
  }
}
