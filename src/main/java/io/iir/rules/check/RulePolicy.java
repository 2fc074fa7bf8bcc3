package io.iir.rules.check;

import io.iir.rules.check.ExpressionPolicy.Spoken;
import io.iir.rules.check.Part.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The first gate: what a rule may hold, by allow-lists, on the tree of its YAML and before Camel
 * sees it, whose loader would already make beans. Also that every way through it sets {@code
 * targets}, which is what refuses a file that is written half and happens to be YAML. For one use,
 * by one thread.
 */
final class RulePolicy {

  private static final int DEEPEST = 10;
  private static final int MOST_STEPS = 500;
  private static final String STEPS_KEY = "steps";

  /** The rule that the flow asks: its file is a rule whatever is in it. */
  private static final String ENTRY = "provider-choice";

  private static final String GROUP = "rules";
  private static final List<String> STEPS =
      List.of("choice", "filter", "setVariable", "log", "to", "bean");
  private static final String START = "begin it with '- route:'";
  private static final String GAP = "a request can get past here without \"targets\" being set";

  private final Draft draft;
  private final Problems problems;
  private final ExpressionPolicy expressions;
  private final StepPolicy plain;
  private int count;

  RulePolicy(Draft draft, ExpressionPolicy.Trial trial) {
    this.draft = draft;
    this.problems = draft.problems();
    this.expressions = new ExpressionPolicy(draft, trial);
    this.plain = new StepPolicy(draft, expressions);
  }

  /**
   * Where a request can get past without targets.
   *
   * @param place what to say it of
   * @param hint how to mend it
   */
  private record Gap(Node place, String hint) {}

  /** Checks the file. */
  void check(Node root) {
    if (!(root instanceof SequenceNode file)) {
      problems.at(root, "a rule's file is a list of one route", START);
      return;
    }
    if (file.getValue().size() != 1) {
      problems.at(
          file.getValue().isEmpty() ? file : file.getValue().get(1),
          "a rule's file holds exactly one route, not %d".formatted(file.getValue().size()),
          null);
    }
    for (Node item : file.getValue()) {
      Fields fields = Fields.of(item, "a rule's file", List.of("route"), problems);
      Node route = fields == null ? null : fields.needed("route");
      if (route != null) {
        route(route);
      }
    }
  }

  private void route(Node node) {
    Fields route =
        Fields.of(node, "route", List.of("id", "description", "group", "note", "from"), problems);
    if (route == null) {
      return;
    }
    String id = route.needed("id") == null ? null : draft.id(route);
    if (id != null && !id.equals(draft.rule())) {
      problems.at(
          place(route, "id"),
          "the route's id must be \"%s\", as its file is called, not \"%s\""
              .formatted(draft.rule(), id),
          null);
    }
    route.text("description");
    route.text("note");
    ScalarNode group = route.text("group");
    if (group != null && !group.getValue().equals(GROUP)) {
      problems.at(group, "the route's group must be \"%s\"".formatted(GROUP), null);
    }
    if (group == null && !draft.rule().equals(ENTRY)) {
      problems.at(
          route.block(),
          "the route lacks \"group: %s\"".formatted(GROUP),
          "without it a restart takes the file for a route of the flow");
    }
    Node from = route.needed("from");
    if (from != null) {
      from(from);
    }
  }

  private static Node place(Fields fields, String key) {
    Node value = fields.value(key);
    return value == null ? fields.block() : value;
  }

  private void from(Node node) {
    Fields from = Fields.of(node, "from", List.of("id", "description", "uri", STEPS_KEY), problems);
    if (from == null) {
      return;
    }
    draft.id(from);
    from.text("description");
    ScalarNode uri = from.needed("uri") == null ? null : from.text("uri");
    String expected = "direct:" + draft.rule();
    if (uri != null && !uri.getValue().equals(expected)) {
      problems.at(
          uri,
          "the route must come from \"%s\", not \"%s\"".formatted(expected, uri.getValue()),
          null);
    }
    if (from.needed(STEPS_KEY) != null) {
      Gap gap = steps(from, 1, "set targets here, or in an otherwise; is the file complete?");
      if (gap != null && problems.isEmpty()) {
        problems.at(gap.place(), GAP, gap.hint());
      }
    }
  }

  /** Checks the steps of {@code fields}; null if every way through them sets targets. */
  private @Nullable Gap steps(Fields fields, int depth, String hint) {
    Gap gap = new Gap(fields.place(STEPS_KEY), hint);
    if (depth > DEEPEST) {
      problems.at(
          fields.place(STEPS_KEY), "steps are nested deeper than %d".formatted(DEEPEST), null);
      return gap;
    }
    boolean total = false;
    for (Node item : fields.list(STEPS_KEY)) {
      Fields step = Fields.of(item, STEPS_KEY, STEPS, problems);
      if (step == null) {
        continue;
      }
      if (step.count() != 1) {
        problems.at(
            item,
            "a step has exactly one name, not %d".formatted(step.count()),
            "often wrong indentation");
      }
      if (++count == MOST_STEPS + 1) {
        problems.at(item, "there are more than %d steps".formatted(MOST_STEPS), null);
      }
      for (String key : step.keys()) {
        Gap left = step(key, step, depth, gap);
        total |= left == null;
        gap = left == null ? gap : left;
      }
    }
    return total ? null : gap;
  }

  private @Nullable Gap step(String key, Fields step, int depth, Gap gap) {
    Node value = place(step, key);
    int line = Problems.line(step.place(key));
    return switch (key) {
      case "choice" -> choice(value, step.place(key), depth);
      case "filter" -> {
        filter(value, line, depth);
        yield gap;
      }
      case "setVariable" -> plain.setVariable(value, line) ? null : gap;
      case "to" -> plain.to(value, line) ? null : gap;
      case "log" -> {
        plain.log(value, line);
        yield gap;
      }
      case "bean" -> {
        plain.bean(value, line);
        yield gap;
      }
      default -> throw new IllegalStateException(key);
    };
  }

  private @Nullable Gap choice(Node node, Node key, int depth) {
    Gap gap = new Gap(key, "add an otherwise that sets targets; is the file complete?");
    Fields choice =
        Fields.of(
            node,
            "choice",
            List.of("id", "description", "when", "otherwise", "disabled"),
            problems);
    if (choice == null) {
      return gap;
    }
    choice.text("description");
    boolean off = choice.disabled();
    draft.add(Kind.CHOICE, Problems.line(key), draft.id(choice), List.of(StepPolicy.off(off)));
    choice.needed("when");
    List<Gap> gaps = new ArrayList<>();
    for (Node item : choice.list("when")) {
      Gap left = when(item, depth);
      if (left != null) {
        gaps.add(left);
      }
    }
    Node otherwise = choice.value("otherwise");
    Gap left = otherwise == null ? gap : otherwise(otherwise, choice.place("otherwise"), depth);
    if (left != null) {
      gaps.add(left);
    }
    return off ? gap : gaps.isEmpty() ? null : gaps.getFirst();
  }

  private @Nullable Gap when(Node node, int depth) {
    Fields when =
        Fields.of(
            node,
            "when",
            List.of("id", "description", "simple", "expression", STEPS_KEY, "disabled"),
            problems);
    return when == null ? null : branch(Kind.WHEN, Problems.line(node), when, depth);
  }

  private void filter(Node node, int line, int depth) {
    Fields filter =
        Fields.of(
            node,
            "filter",
            List.of("id", "description", "simple", "expression", STEPS_KEY, "disabled"),
            problems);
    if (filter != null) {
      branch(Kind.FILTER, line, filter, depth);
    }
  }

  private @Nullable Gap branch(Kind kind, int line, Fields fields, int depth) {
    boolean off = fields.disabled();
    Spoken condition = expressions.condition(fields);
    List<String> says = new ArrayList<>(List.of(StepPolicy.off(off)));
    if (condition != null) {
      says.addAll(condition.says());
    }
    String text = condition == null ? "" : condition.text().getValue();
    draft.addCase(kind, line, fields, text, says);
    if (fields.needed(STEPS_KEY) == null) {
      return null;
    }
    Gap gap = steps(fields, depth + 1, "set targets in this case too");
    return off ? null : gap;
  }

  private @Nullable Gap otherwise(Node node, Node key, int depth) {
    Fields otherwise =
        Fields.of(node, "otherwise", List.of("id", "description", STEPS_KEY, "disabled"), problems);
    if (otherwise == null) {
      return null;
    }
    boolean off = otherwise.disabled();
    draft.addCase(
        Kind.OTHERWISE, Problems.line(key), otherwise, null, List.of(StepPolicy.off(off)));
    if (otherwise.needed(STEPS_KEY) == null) {
      return null;
    }
    Gap gap = steps(otherwise, depth + 1, "set targets in this case too");
    return off ? new Gap(key, "it is disabled and counts as not there") : gap;
  }
}
