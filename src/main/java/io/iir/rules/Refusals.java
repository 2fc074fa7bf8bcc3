package io.iir.rules;

import io.iir.rules.language.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The files that are not what decides, and why. Thread-safe; one thread at a time changes it. */
final class Refusals {

  /**
   * Why a file is not what decides.
   *
   * @param hash its content; empty: the file is gone
   * @param problems what is wrong with it
   * @param rolledBack whether it was live and taken back
   */
  record Refusal(String hash, List<Problem> problems, boolean rolledBack) {
    Refusal {
      problems = List.copyOf(problems);
    }
  }

  private final Map<String, Refusal> byRule = new ConcurrentSkipListMap<>();
  private final Map<String, Map<String, Refusal>> takenBack = new ConcurrentHashMap<>();

  void refuse(String rule, String hash, List<Problem> problems) {
    byRule.put(rule, new Refusal(hash, problems, false));
  }

  /** That content was live, and is not to be live again unless someone says so. */
  void takeBack(String rule, String hash, List<Problem> problems) {
    Refusal refusal = new Refusal(hash, problems, true);
    takenBack.computeIfAbsent(rule, id -> new ConcurrentHashMap<>()).put(hash, refusal);
    byRule.put(rule, refusal);
  }

  /** Why that content was taken back; null if it was not. */
  @Nullable Refusal takenBack(String rule, String hash) {
    Map<String, Refusal> hashes = takenBack.get(rule);
    return hashes == null ? null : hashes.get(hash);
  }

  /** The file is what is found, which was taken back before. */
  void found(String rule, Refusal refusal) {
    byRule.put(rule, refusal);
  }

  /** That content is live. */
  void accepted(String rule, String hash) {
    byRule.remove(rule);
    Map<String, Refusal> hashes = takenBack.get(rule);
    if (hashes != null) {
      hashes.remove(hash);
    }
  }

  /** The file is gone; says whether that is news. */
  boolean gone(String rule, Problem problem) {
    Refusal before = byRule.put(rule, new Refusal("", List.of(problem), false));
    return before == null || !before.hash().isEmpty();
  }

  /** The file is what decides, or there is nothing to say of it; says whether that is news. */
  boolean clear(String rule) {
    return byRule.remove(rule) != null;
  }

  /** Whether that content was refused or taken back. */
  boolean isRefused(String rule, String hash) {
    Refusal refusal = byRule.get(rule);
    return refusal != null && refusal.hash().equals(hash);
  }

  @Nullable Refusal of(String rule) {
    return byRule.get(rule);
  }

  /** The rules whose file is not what decides. */
  Set<String> rules() {
    return Set.copyOf(byRule.keySet());
  }

  /** All that is wrong, rule by rule. */
  List<Problem> problems() {
    List<Problem> all = new ArrayList<>();
    byRule.values().forEach(refusal -> all.addAll(refusal.problems()));
    return all;
  }
}
