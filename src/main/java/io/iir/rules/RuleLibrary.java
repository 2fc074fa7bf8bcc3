package io.iir.rules;

import io.iir.rules.RuleVersion.Source;
import io.iir.rules.check.CheckedRule;
import io.iir.rules.language.InvalidRuleException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes rules of files, and knows those that rules had before. Blocks. Thread-safe. */
final class RuleLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(RuleLibrary.class);

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
   * @param author the id of the key that wants them; null if none does
   */
  Map<String, LiveRule> read(Iterable<RuleFile> files, Set<String> others, @Nullable String author)
      throws InvalidRuleException {
    Set<String> ids = new HashSet<>(others);
    files.forEach(file -> ids.add(file.id()));
    Map<String, LiveRule> rules = new TreeMap<>();
    for (RuleFile file : files) {
      // What was good may name a server that has not been found yet.
      CheckedRule rule = prover.read(file, ids, !history.isLastGood(file));
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

  /** Of each rule the text before the one that is live; the shipped ones where that is no use. */
  Map<String, LiveRule> lastGood(Map<String, LiveRule> live, Map<String, LiveRule> shipped) {
    try {
      Map<String, LiveRule> good = new TreeMap<>(shipped);
      for (LiveRule rule : live.values()) {
        RuleFile earlier = earlier(rule.version());
        if (earlier != null) {
          good.putAll(read(List.of(earlier), live.keySet(), null));
        }
      }
      prover.prove(rules(good));
      return good;
    } catch (InvalidRuleException e) {
      LOG.error("the last good rules are of no use: {}", e.getMessage());
      return shipped;
    }
  }

  /** The text before {@code version} that was not taken back, or the shipped one; null: none. */
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
