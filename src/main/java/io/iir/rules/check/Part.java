package io.iir.rules.check;

import io.iir.rules.language.Outline;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A node of a rule, as both gates see it: what one saw, the other must see.
 *
 * @param kind what it is
 * @param line where it begins, from 1; 0 if that is not known
 * @param id its id in the text, else one by its line; empty if it is Camel's
 * @param says what it holds besides its id and description
 * @param branch the case that it is; null if it is none
 */
record Part(Kind kind, int line, String id, List<String> says, Outline.@Nullable Branch branch) {

  /** What a node can be. */
  enum Kind {
    CHOICE("choice"),
    WHEN("when"),
    OTHERWISE("otherwise"),
    FILTER("filter"),
    SET_VARIABLE("setVariable"),
    LOG("log"),
    TO("to"),
    BEAN("bean");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** Its word in YAML. */
    String word() {
      return word;
    }
  }

  Part {
    says = List.copyOf(says);
  }

  /** Whether {@code other} is the same thing, wherever it stands and however it is called. */
  boolean isSameAs(Part other) {
    return kind == other.kind && says.equals(other.says);
  }

  /**
   * The id of its node in the rule {@code rule}: the same after an edit elsewhere, and of one node
   * only among all rules.
   */
  String nodeId(String rule) {
    return id.startsWith(rule + ".") ? id : rule + "." + id;
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + says;
  }
}
