package io.iir.rules;

import io.iir.rules.RuleVersion.Outcome;
import io.iir.rules.RuleVersion.Source;
import io.iir.rules.language.Problem;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keeps each text that a rule had or was to have. Rules change also while the database cannot be
 * used: then a restart knows less. Blocks. Thread-safe.
 */
final class RuleHistory {

  private static final Logger LOG = LoggerFactory.getLogger(RuleHistory.class);

  private final RuleStore store;

  RuleHistory(RuleStore store) {
    this.store = store;
  }

  /**
   * The text is used; returns it with its number. That the text that was used last is used again,
   * after a restart, is no news.
   */
  RuleVersion accepted(RuleVersion version) {
    RuleVersion kept =
        ask(
            version.rule(),
            () -> {
              RuleVersion last = store.lastGood(version.rule());
              boolean same = last != null && last.hash().equals(version.hash());
              return same && version.source() != Source.ROLLBACK ? last : store.add(version);
            });
    return kept == null ? version : kept.from(version.source(), kept.author());
  }

  /** The text is not used; that it is refused once more is no news. */
  void refused(RuleVersion version) {
    ask(
        version.rule(),
        () -> {
          List<RuleVersion> newest = store.list(version.rule(), 1);
          boolean same =
              !newest.isEmpty()
                  && newest.getFirst().hash().equals(version.hash())
                  && newest.getFirst().outcome() == Outcome.REFUSED;
          return same ? newest.getFirst() : store.add(version);
        });
  }

  /** A text that was used is not to be used any more. */
  void takenBack(RuleVersion version, List<Problem> why) {
    ask(version.rule(), () -> store.rollBack(version.rule(), version.hash(), why));
  }

  /** Why the text was taken back; null if it was not. */
  @Nullable List<Problem> whyTakenBack(RuleFile file) {
    return ask(file.id(), () -> store.whyRolledBack(file.id(), file.hash()));
  }

  /**
   * The newest text of the rule {@code id} that was used and not taken back, other than {@code
   * but}; null if there is none.
   */
  @Nullable RuleVersion lastGood(String id, String but) {
    return ask(id, () -> store.lastGoodBut(id, but));
  }

  /** The newest text of the rule {@code id} that was used and not taken back; null: none. */
  @Nullable RuleVersion lastGood(String id) {
    return ask(id, () -> store.lastGood(id));
  }

  /** The rules that ever had a text that was used. */
  Set<String> rules() {
    Set<String> rules = ask("any", store::rules);
    return rules == null ? Set.of() : rules;
  }

  /** Whether the text of {@code file} is the one that was used last. */
  boolean isLastGood(RuleFile file) {
    RuleVersion good = lastGood(file.id());
    return good != null && good.hash().equals(file.hash());
  }

  private static <T extends @Nullable Object> @Nullable T ask(String rule, Supplier<T> question) {
    try {
      return question.get();
    } catch (DataAccessException | IllegalStateException | IllegalArgumentException e) {
      LOG.error("the history of the rule {} cannot be read or written", rule, e);
      return null;
    }
  }
}
