package io.iir.management;

import io.iir.metrics.Meters;
import io.iir.rules.RuleStatus;
import io.iir.rules.Rules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rules, as JMX shows them. Thread-safe. */
final class RulesView implements RulesMXBean {

  private final Rules rules;
  private final String actor;
  private final CountedMeters counted;

  /** Shows {@code rules}; {@code actor} is who is said to have reloaded them. */
  RulesView(Rules rules, String actor, CountedMeters counted) {
    this.rules = rules;
    this.actor = actor;
    this.counted = counted;
  }

  @Override
  public Map<String, Long> getVersions() {
    Map<String, Long> versions = new TreeMap<>();
    rules.status().forEach(rule -> versions.put(rule.id(), rule.version()));
    return versions;
  }

  @Override
  public List<String> getDegraded() {
    return rules.problems().stream().map(String::valueOf).toList();
  }

  @Override
  public Map<String, Long> getBranchHits() {
    Map<String, Long> hits = new TreeMap<>();
    for (RuleStatus rule : rules.status()) {
      rule.branches()
          .forEach(branch -> hits.put(rule.id() + "/" + branch.branch().id(), branch.hits()));
    }
    return hits;
  }

  @Override
  public long getFallbacks() {
    return counted.sum(Meters.RULES_FALLBACKS);
  }

  @Override
  public void reload() {
    rules.reload(actor);
  }
}
