package io.iir.rules;

import io.iir.rules.check.CheckedRule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rule that decides.
 *
 * @param version the text it has
 * @param rule what the text means
 * @param since when it went live
 */
record LiveRule(RuleVersion version, CheckedRule rule, Instant since) {

  /** Whether {@code other} has the same text. */
  boolean isSame(@Nullable LiveRule other) {
    return other != null && other.version().hash().equals(version.hash());
  }

  /** The same text, live once more from {@code now} on, which is yet to be kept. */
  LiveRule again(Instant now) {
    return new LiveRule(RuleVersion.of(version.toFile(), now, null), rule, now);
  }
}
