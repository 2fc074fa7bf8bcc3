package io.iir.rules.check;

import io.iir.rules.language.Outline.Branch;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;

/** What is put into a rule's definition so that its decisions can be watched. Thread-safe. */
public interface Hooks {

  /** Runs first in {@code branch} whenever it is taken. */
  Processor mark(Branch branch);

  /**
   * What decides in place of {@code condition}, which is ready for use, whether {@code branch} is
   * taken: itself, or what asks it and notes the answer. Its text is that of the branch.
   */
  Predicate condition(Branch branch, Predicate condition);

  /** Notes nothing. */
  Hooks NONE =
      new Hooks() {
        @Override
        public Processor mark(Branch branch) {
          return exchange -> {};
        }

        @Override
        public Predicate condition(Branch branch, Predicate condition) {
          return condition;
        }
      };
}
