package io.iir.rules.check;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Checks expressions in all of Camel's spellings: {@code simple: text}, {@code simple: {expression:
 * text}} and either of them under {@code expression:}. What the allow-list refused is not tried:
 * trying is running. For one use, by one thread.
 */
final class ExpressionPolicy {

  static final String SIMPLE = "simple";
  static final String CONSTANT = "constant";
  private static final String EXPRESSION = "expression";

  private final Draft draft;
  private final Trial trial;

  /** Compiles an expression and evaluates it on samples. */
  interface Trial {

    /** What is wrong with a condition that the allow-list let in; null if nothing is. */
    @Nullable SimpleFault condition(String text);

    /** What is wrong with a value that the allow-list let in; null if nothing is. */
    @Nullable SimpleFault value(String text);
  }

  /**
   * An expression.
   *
   * @param language {@code simple} or {@code constant}
   * @param text its text
   */
  record Spoken(String language, ScalarNode text) {

    /** What {@link Part}s say of it. */
    List<String> says() {
      return List.of(language, text.getValue());
    }
  }

  ExpressionPolicy(Draft draft, Trial trial) {
    this.draft = draft;
    this.trial = trial;
  }

  /** The condition of a case; null after noting what is wrong. */
  @Nullable Spoken condition(Fields fields) {
    Spoken spoken = spoken(fields, List.of(SIMPLE));
    if (spoken == null) {
      return null;
    }
    int before = draft.problems().size();
    try {
      SimpleCondition.read(
          spoken.text().getValue(), draft.vocabulary(), draft.reading(spoken.text()));
    } catch (SimpleFault e) {
      note(spoken.text(), e);
    }
    if (draft.problems().size() == before) {
      note(spoken.text(), trial.condition(spoken.text().getValue()));
    }
    return draft.problems().size() == before ? spoken : null;
  }

  /** The value of a setVariable; null after noting what is wrong. */
  @Nullable Spoken value(Fields fields) {
    Spoken spoken = spoken(fields, List.of(SIMPLE, CONSTANT));
    return spoken != null && spoken.language().equals(SIMPLE) && !template(spoken.text())
        ? null
        : spoken;
  }

  /** Whether {@code text} can be used with {@code ${...}} in it; notes why not. */
  boolean template(ScalarNode text) {
    int before = draft.problems().size();
    try {
      SimpleTemplate.read(text.getValue(), draft.vocabulary(), draft.reading(text));
    } catch (SimpleFault e) {
      note(text, e);
    }
    if (draft.problems().size() == before) {
      note(text, trial.value(text.getValue()));
    }
    return draft.problems().size() == before;
  }

  private void note(ScalarNode text, @Nullable SimpleFault fault) {
    if (fault != null) {
      draft.problems().within(text, fault.at(), fault.message(), fault.hint());
    }
  }

  private @Nullable Spoken spoken(Fields fields, List<String> languages) {
    Fields in = fields;
    if (fields.has(EXPRESSION) && languages.stream().noneMatch(fields::has)) {
      Node value = fields.value(EXPRESSION);
      in = value == null ? null : Fields.of(value, EXPRESSION, languages, draft.problems());
      if (in == null) {
        return null;
      }
    }
    List<String> present = languages.stream().filter(in::has).toList();
    boolean both = !present.isEmpty() && in == fields && fields.has(EXPRESSION);
    if (present.size() != 1 || both) {
      if (!in.refused()) {
        draft
            .problems()
            .at(in.block(), "exactly one of %s is needed here".formatted(all(languages)), null);
      }
      return null;
    }
    ScalarNode text = text(present.getFirst(), in);
    return text == null ? null : new Spoken(present.getFirst(), text);
  }

  private static String all(List<String> languages) {
    return String.join(", ", languages) + ", " + EXPRESSION;
  }

  private @Nullable ScalarNode text(String language, Fields fields) {
    Node value = fields.value(language);
    if (value == null || value instanceof ScalarNode) {
      return fields.text(language);
    }
    Fields longForm = Fields.of(value, language, List.of(EXPRESSION), draft.problems());
    if (longForm == null) {
      return null;
    }
    return longForm.needed(EXPRESSION) == null ? null : longForm.text(EXPRESSION);
  }
}
