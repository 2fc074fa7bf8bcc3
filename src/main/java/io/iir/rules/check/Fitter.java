package io.iir.rules.check;

import io.iir.rules.language.Knob;
import io.iir.rules.language.Outline.Branch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.builder.NoErrorHandlerBuilder;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.OtherwiseDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.SimpleExpression;

/** Puts ids, marks and watched conditions into a definition that both gates let in. */
final class Fitter {

  private final String rule;
  private final Hooks hooks;

  Fitter(String rule, Hooks hooks) {
    this.rule = rule;
    this.hooks = hooks;
  }

  /**
   * Fits {@code route}, of whose nodes {@code model} was read, with {@code parts}, node by node.
   */
  void fit(RouteDefinition route, RuleModel model, List<Part> parts) {
    route.errorHandler(new NoErrorHandlerBuilder());
    for (int i = 0; i < parts.size(); i++) {
      OptionalIdentifiedDefinition<?> node = model.nodes().get(i).definition();
      Part part = parts.get(i);
      node.setLineNumber(part.line());
      name(node, part.nodeId(rule));
      if (node instanceof SetVariableDefinition set
          && Knob.TARGETS.word().equals(set.getName())
          && set.getExpression() instanceof SimpleExpression simple) {
        SimpleExpression watched =
            new SimpleExpression(new TargetsTemplate(simple.getExpression()));
        watched.setExpression(simple.getExpression());
        set.setExpression(watched);
      }
      if (part.branch() != null) {
        fit(node, part, part.branch());
      }
    }
  }

  /** Camel gives an id that is set on what has children to the last of them. */
  private static void name(OptionalIdentifiedDefinition<?> node, String id) {
    switch (node) {
      case ChoiceDefinition choice -> {
        List<WhenDefinition> whens = choice.getWhenClauses();
        OtherwiseDefinition otherwise = choice.getOtherwise();
        choice.setWhenClauses(new ArrayList<>());
        choice.setOtherwise(null);
        choice.setId(id);
        choice.setWhenClauses(whens);
        choice.setOtherwise(otherwise);
      }
      case WhenDefinition when -> name(when, when.getOutputs(), id);
      case OtherwiseDefinition otherwise -> name(otherwise, otherwise.getOutputs(), id);
      default -> node.setId(id);
    }
  }

  private static void name(
      OptionalIdentifiedDefinition<?> node, List<ProcessorDefinition<?>> outputs, String id) {
    List<ProcessorDefinition<?>> all = List.copyOf(outputs);
    outputs.clear();
    node.setId(id);
    outputs.addAll(all);
  }

  private void fit(OptionalIdentifiedDefinition<?> node, Part part, Branch branch) {
    ProcessDefinition mark = new ProcessDefinition(hooks.mark(branch));
    mark.setId(part.nodeId(rule) + ".taken");
    mark.setLineNumber(part.line());
    switch (node) {
      case WhenDefinition when -> {
        when.setExpression(condition(branch));
        mark.setParent(when.getParent());
        when.getOutputs().addFirst(mark);
      }
      case OtherwiseDefinition otherwise -> {
        mark.setParent(otherwise.getParent());
        otherwise.getOutputs().addFirst(mark);
      }
      case FilterDefinition filter -> {
        ((ExpressionNode) filter).setExpression(condition(branch));
        mark.setParent(filter);
        filter.getOutputs().addFirst(mark);
      }
      default -> throw new IllegalStateException(part.toString());
    }
  }

  /** Still a Simple expression to whoever asks the model for it, such as JMX. */
  private SimpleExpression condition(Branch branch) {
    String text = Objects.requireNonNull(branch.condition());
    return new SimpleExpression.Builder()
        .expression(text)
        .predicate(new HookedCondition(branch, text, hooks))
        .end();
  }
}
