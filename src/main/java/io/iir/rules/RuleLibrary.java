package io.iir.rules;

import io.iir.rules.RuleVersion.Source;
import io.iir.rules.check.CheckedRule;
import io.iir.rules.language.InvalidRuleException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes rules of files, and knows those that rules had before. Blocks. Thread-safe. */
final class RuleLibrary {

  private final RuleFolder folder;
  private final RuleHistory history;
  private final Prover prover;
  private final Clock clock;

  RuleLibrary(RuleFolder folder, RuleHistory history, Prover prover, Clock clock) {
    this.folder = folder;
    this.history = history;
    this.prover = prover;
    this.clock = clock;
  }

  /**
   * The rules that {@code files} hold, not yet kept, by id.
   *
   * @param others the rules that there are besides
   * @param source where they come from: what was used before need name no models that are known
   *     now, for their servers may be down
   * @param author the id of the key that wants them; null if none does
   */
  Map<String, LiveRule> read(
      Iterable<RuleFile> files, Set<String> others, Source source, @Nullable String author)
      throws InvalidRuleException {
    Set<String> ids = new HashSet<>(others);
    files.forEach(file -> ids.add(file.id()));
    Map<String, LiveRule> rules = new TreeMap<>();
    for (RuleFile file : files) {
      boolean isNew = source == Source.FILE && !history.isLastGood(file);
      CheckedRule rule = prover.read(file, ids, isNew);
      RuleVersion version = RuleVersion.of(file, clock.instant(), author);
      rules.put(file.id(), new LiveRule(version, rule, version.at()));
    }
    return rules;
  }

  /** {@code rules}, those kept that are not yet. */
  Map<String, LiveRule> recorded(
      Map<String, LiveRule> rules, Source source, @Nullable String author) {
    Map<String, LiveRule> all = new TreeMap<>();
    rules.forEach((id, rule) -> all.put(id, recorded(rule, source, author)));
    return Map.copyOf(all);
  }

  private LiveRule recorded(LiveRule rule, Source source, @Nullable String author) {
    RuleVersion version = rule.version();
    if (version.number() != 0) {
      return rule;
    }
    boolean own = version.source() == Source.SHIPPED && source == Source.FILE;
    Source from = own ? Source.SHIPPED : source;
    return new LiveRule(history.accepted(version.from(from, author)), rule.rule(), rule.since());
  }

  /**
   * The text of a rule that was used before {@code version} and not taken back, else the shipped
   * one; null: there is neither.
   */
  @Nullable RuleFile earlier(RuleVersion version) {
    RuleVersion good = history.lastGood(version.rule(), version.hash());
    RuleFile own = folder.shipped().get(version.rule());
    if (good != null) {
      return good.toFile();
    }
    return own == null || own.hash().equals(version.hash()) ? null : own;
  }

  /** What {@code live} means, by id. */
  static Map<String, CheckedRule> rules(Map<String, LiveRule> live) {
    Map<String, CheckedRule> rules = new TreeMap<>();
    live.forEach((id, rule) -> rules.put(id, rule.rule()));
    return rules;
  }
}
