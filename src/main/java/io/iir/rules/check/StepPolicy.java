package io.iir.rules.check;

import io.iir.rules.check.ExpressionPolicy.Spoken;
import io.iir.rules.check.Part.Kind;
import io.iir.rules.language.Knob;
import io.iir.rules.language.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Checks steps that hold no other steps. For one use, by one thread. */
final class StepPolicy {

  private static final String DIRECT = "direct:";
  private static final List<String> LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR");

  private final Draft draft;
  private final Problems problems;
  private final ExpressionPolicy expressions;
  private final KnobPolicy knobs;

  StepPolicy(Draft draft, ExpressionPolicy expressions) {
    this.draft = draft;
    this.problems = draft.problems();
    this.expressions = expressions;
    this.knobs = new KnobPolicy(problems, draft.vocabulary());
  }

  /** Checks a {@code setVariable}; true if it sets targets. */
  boolean setVariable(Node node, int line) {
    Fields fields =
        Fields.of(
            node,
            "setVariable",
            List.of("id", "description", "name", "simple", "constant", "expression", "disabled"),
            problems);
    if (fields == null) {
      return false;
    }
    String id = draft.id(fields);
    fields.text("description");
    boolean disabled = fields.disabled();
    ScalarNode name = fields.needed("name") == null ? null : fields.text("name");
    Knob knob = name == null ? null : knobs.named(name);
    Spoken value = expressions.value(fields);
    if (knob == null || value == null) {
      return knob == Knob.TARGETS;
    }
    knobs.check(knob, value);
    List<String> says = new ArrayList<>(List.of(knob.word(), off(disabled)));
    says.addAll(value.says());
    draft.add(Kind.SET_VARIABLE, line, id, says);
    return knob == Knob.TARGETS && !disabled;
  }

  /** Checks a {@code log}. */
  void log(Node node, int line) {
    if (node instanceof ScalarNode) {
      ScalarNode message = Fields.text("log", node, problems);
      if (message != null && expressions.template(message)) {
        draft.add(Kind.LOG, line, null, List.of(off(false), message.getValue(), ""));
      }
      return;
    }
    Fields fields =
        Fields.of(
            node,
            "log",
            List.of("id", "description", "message", "loggingLevel", "disabled"),
            problems);
    if (fields == null) {
      return;
    }
    String id = draft.id(fields);
    fields.text("description");
    boolean disabled = fields.disabled();
    ScalarNode message = fields.needed("message") == null ? null : fields.text("message");
    ScalarNode level = fields.text("loggingLevel");
    if (level != null && !LEVELS.contains(level.getValue())) {
      problems.at(
          level,
          "unknown level \"%s\"".formatted(level.getValue()),
          Fields.allowed(level.getValue(), LEVELS));
    }
    if (message != null && expressions.template(message)) {
      draft.add(
          Kind.LOG,
          line,
          id,
          List.of(off(disabled), message.getValue(), level == null ? "" : level.getValue()));
    }
  }

  /** Checks a {@code to}; true if it hands on to another rule. */
  boolean to(Node node, int line) {
    ScalarNode uri;
    String id = null;
    boolean disabled = false;
    if (node instanceof ScalarNode) {
      uri = Fields.text("to", node, problems);
    } else {
      Fields fields =
          Fields.of(node, "to", List.of("id", "description", "uri", "disabled"), problems);
      if (fields == null) {
        return false;
      }
      id = draft.id(fields);
      fields.text("description");
      disabled = fields.disabled();
      uri = fields.needed("uri") == null ? null : fields.text("uri");
    }
    if (uri == null || !isRule(uri)) {
      return true;
    }
    draft.add(Kind.TO, line, id, List.of(off(disabled), uri.getValue()));
    return !disabled;
  }

  private boolean isRule(ScalarNode uri) {
    String text = uri.getValue();
    String name = text.startsWith(DIRECT) ? text.substring(DIRECT.length()) : null;
    if (name != null && draft.callable().contains(name)) {
      draft.calls(name);
      return true;
    }
    List<String> allowed = draft.callable().stream().map(DIRECT::concat).toList();
    if (name == null) {
      problems.at(
          uri,
          "\"%s\" is not allowed in to: only other rules are".formatted(text),
          Fields.allowed(text, allowed));
    } else if (name.equals(draft.rule())) {
      problems.at(uri, "a rule may not call itself", Fields.allowed(text, allowed));
    } else {
      problems.at(uri, "there is no rule \"%s\"".formatted(text), Fields.allowed(text, allowed));
    }
    return false;
  }

  /** Checks a {@code bean}. */
  void bean(Node node, int line) {
    Fields fields =
        Fields.of(
            node, "bean", List.of("id", "description", "ref", "method", "disabled"), problems);
    if (fields == null) {
      return;
    }
    String id = draft.id(fields);
    fields.text("description");
    boolean disabled = fields.disabled();
    ScalarNode ref = fields.needed("ref") == null ? null : fields.text("ref");
    ScalarNode method = fields.needed("method") == null ? null : fields.text("method");
    if (ref == null || method == null) {
      return;
    }
    Vocabulary.Finding finding =
        BeanCall.check(ref.getValue(), method.getValue(), draft.vocabulary());
    if (finding != null) {
      boolean known = draft.vocabulary().beans().containsKey(ref.getValue());
      problems.at(known ? method : ref, finding.message(), finding.hint());
      return;
    }
    draft.add(Kind.BEAN, line, id, List.of(off(disabled), ref.getValue(), method.getValue()));
  }

  /** What parts say of {@code disabled}. */
  static String off(boolean disabled) {
    return disabled ? "off" : "";
  }
}
