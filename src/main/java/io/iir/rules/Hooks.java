package io.iir.rules;

import org.apache.camel.Predicate;
import org.apache.camel.Processor;

/** What is put into a rule's route besides what its text says. */
interface Hooks {

  /** What runs first in a branch. */
  Processor taken(Outline.Branch branch);

  /** What stands in the place of a branch's condition. */
  Predicate condition(Outline.Branch branch, Predicate condition);
}
