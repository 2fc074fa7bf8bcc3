package io.iir.rules;

import io.iir.rules.language.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One text that a rule had, or was to have. Immutable.
 *
 * @param rule the rule's id
 * @param number counts a rule's texts, from 1; 0 as long as it is not kept
 * @param file the name of the file that it came from
 * @param hash the text's SHA-256, in hex
 * @param text the text
 * @param at when it came
 * @param source where it came from
 * @param outcome what became of it
 * @param author the id of the API key that caused it; null where a file changed by itself
 * @param problems why it was refused or rolled back; empty if it was not
 */
public record RuleVersion(
    String rule,
    long number,
    String file,
    String hash,
    String text,
    Instant at,
    Source source,
    Outcome outcome,
    @Nullable String author,
    List<Problem> problems) {

  /** Where a text came from. */
  public enum Source {
    /** The operator's folder. */
    FILE,
    /** The gateway itself. */
    SHIPPED,
    /** The version that was used last, because at the start the file was broken. */
    LAST_GOOD,
    /** A version before, because the one after it was taken back. */
    ROLLBACK
  }

  /** What became of a text. */
  public enum Outcome {
    /** It was used, or is. */
    ACCEPTED,
    /** It was not used. */
    REFUSED,
    /** It was used, and taken back. */
    ROLLED_BACK
  }

  public RuleVersion {
    problems = List.copyOf(problems);
  }

  /** What {@code file} holds, as if it were used. */
  static RuleVersion of(RuleFile file, Instant at, @Nullable String author) {
    return new RuleVersion(
        file.id(),
        0,
        file.name(),
        file.hash(),
        new String(file.content(), StandardCharsets.UTF_8),
        at,
        file.shipped() ? Source.SHIPPED : Source.FILE,
        Outcome.ACCEPTED,
        author,
        List.of());
  }

  /** The same text as the database has it, which keeps milliseconds. */
  RuleVersion numbered(long kept) {
    Instant time = Instant.ofEpochMilli(at.toEpochMilli());
    return new RuleVersion(rule, kept, file, hash, text, time, source, outcome, author, problems);
  }

  /** The same text, from elsewhere. */
  RuleVersion from(Source other, @Nullable String by) {
    return new RuleVersion(rule, number, file, hash, text, at, other, outcome, by, problems);
  }

  /** The same text, refused. */
  RuleVersion refused(List<Problem> why) {
    return new RuleVersion(
        rule, number, file, hash, text, at, source, Outcome.REFUSED, author, why);
  }

  /** The text as a file. */
  RuleFile toFile() {
    return RuleFile.of(file, text.getBytes(StandardCharsets.UTF_8), source == Source.SHIPPED);
  }
}
