package io.iir.rules;

import io.iir.rules.language.Outline;
import io.iir.rules.language.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a rule is. Immutable.
 *
 * @param id its id
 * @param file the file that it comes from
 * @param version which of its texts decides; 0: none does, its first one was refused
 * @param hash the SHA-256 of that text, in hex; null with none
 * @param activeSince since when; null with none
 * @param source where that text came from; null with none
 * @param branches its branches, in the order of the text
 * @param problems why the file that lies there now is not what decides; empty if it is
 */
public record RuleStatus(
    String id,
    String file,
    long version,
    @Nullable String hash,
    @Nullable Instant activeSince,
    RuleVersion.@Nullable Source source,
    List<BranchStatus> branches,
    List<Problem> problems) {

  public RuleStatus {
    branches = List.copyOf(branches);
    problems = List.copyOf(problems);
  }

  /** A rule that has no text that decides, for {@code why}. */
  static RuleStatus refused(String id, List<Problem> why) {
    return new RuleStatus(id, id + RuleFile.SUFFIX, 0, null, null, null, List.of(), why);
  }

  /**
   * How often a branch was taken since the rule went live.
   *
   * @param branch which
   * @param hits how often
   */
  public record BranchStatus(Outline.Branch branch, long hits) {}

  /** Whether the file that lies there now is what decides. */
  public boolean isOk() {
    return problems.isEmpty();
  }

  /** The first of the problems, or null. */
  public @Nullable Problem lastError() {
    return problems.isEmpty() ? null : problems.getFirst();
  }
}
