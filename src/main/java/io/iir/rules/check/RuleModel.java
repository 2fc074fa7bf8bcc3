package io.iir.rules.check;

import io.iir.rules.check.Part.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.OtherwiseDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.SimpleExpression;
import org.apache.camel.model.language.TypedExpressionDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The second gate: what Camel made of a text holds no other classes than rules may, and says what
 * the first gate saw, so that nothing can hide in a difference of two readers.
 */
final class RuleModel {

  /**
   * A node.
   *
   * @param definition what Camel made
   * @param part what it says
   */
  record Node(OptionalIdentifiedDefinition<?> definition, Part part) {}

  private final List<Node> nodes = new ArrayList<>();
  private final @Nullable List<String> from;

  /**
   * Reads {@code route}.
   *
   * @throws IllegalArgumentException naming what rules may not hold
   */
  RuleModel(RouteDefinition route) {
    refuseUnless(isPlain(route), route.getShortName(), "other than id, group and description");
    from = Stream.of(route.getRouteId(), route.getInput().getEndpointUri()).toList();
    steps(route.getOutputs());
  }

  /** All nodes but the route, in the order of {@link Draft#parts()}. */
  List<Node> nodes() {
    return nodes;
  }

  /**
   * Compares with what the first gate saw.
   *
   * @throws IllegalArgumentException if it is not the same
   */
  void refuseUnlessSame(String rule, List<Part> seen) {
    if (!Objects.equals(from, List.of(rule, "direct:" + rule)) || nodes.size() != seen.size()) {
      throw new IllegalArgumentException("it is read in two ways: as %s".formatted(from));
    }
    for (int i = 0; i < nodes.size(); i++) {
      Part made = nodes.get(i).part();
      if (!made.isSameAs(seen.get(i))) {
        throw new IllegalArgumentException(
            "line %d is read in two ways: %s and %s"
                .formatted(seen.get(i).line(), seen.get(i), made));
      }
    }
  }

  private static boolean isPlain(RouteDefinition route) {
    return Stream.of(
            route.getErrorHandlerRef(),
            route.getRoutePolicyRef(),
            route.getRouteConfigurationId(),
            route.getPrecondition(),
            route.getInputType(),
            route.getOutputType(),
            route.getRouteProperties(),
            route.getTrace(),
            route.getStreamCache(),
            route.getDelayer(),
            route.getErrorHandler())
        .allMatch(Objects::isNull);
  }

  private void steps(List<ProcessorDefinition<?>> outputs) {
    outputs.forEach(this::step);
  }

  private void step(ProcessorDefinition<?> step) {
    Class<?> type = step.getClass();
    if (type == ChoiceDefinition.class) {
      choice((ChoiceDefinition) step);
    } else if (type == FilterDefinition.class) {
      FilterDefinition filter = (FilterDefinition) step;
      refuseUnless(filter.getStatusPropertyName() == null, "filter", "statusPropertyName");
      add(step, Kind.FILTER, off(filter.getDisabled()), said(filter.getExpression()));
      steps(filter.getOutputs());
    } else if (type == SetVariableDefinition.class) {
      SetVariableDefinition set = (SetVariableDefinition) step;
      add(step, Kind.SET_VARIABLE, text(set.getName()), off(set.getDisabled()), said(set));
    } else if (type == LogDefinition.class) {
      log((LogDefinition) step);
    } else if (type == ToDefinition.class) {
      ToDefinition to = (ToDefinition) step;
      refuseUnless(
          noneOf(to.getPattern(), to.getVariableSend(), to.getVariableReceive()), "to", "more");
      add(step, Kind.TO, off(to.getDisabled()), text(to.getEndpointUri()));
    } else if (type == BeanDefinition.class) {
      BeanDefinition bean = (BeanDefinition) step;
      refuseUnless(noneOf(bean.getBeanType(), bean.getBeanClass()), "bean", "a class");
      add(step, Kind.BEAN, off(bean.getDisabled()), text(bean.getRef()), text(bean.getMethod()));
    } else {
      throw new IllegalArgumentException("%s is not allowed".formatted(step.getShortName()));
    }
  }

  private void choice(ChoiceDefinition choice) {
    refuseUnless(choice.getPrecondition() == null, "choice", "precondition");
    add(choice, Kind.CHOICE, off(choice.getDisabled()));
    for (WhenDefinition when : choice.getWhenClauses()) {
      refuseUnless(when.getClass() == WhenDefinition.class, "when", when.getClass().getName());
      add(when, Kind.WHEN, off(when.getDisabled()), said(when.getExpression()));
      steps(when.getOutputs());
    }
    OtherwiseDefinition otherwise = choice.getOtherwise();
    if (otherwise != null) {
      add(otherwise, Kind.OTHERWISE, off(otherwise.getDisabled()));
      steps(otherwise.getOutputs());
    }
  }

  private void log(LogDefinition log) {
    refuseUnless(
        noneOf(log.getLogName(), log.getMarker(), log.getLogger(), log.getLogLanguage()),
        "log",
        "a logger");
    add(log, Kind.LOG, off(log.getDisabled()), text(log.getMessage()), text(log.getLoggingLevel()));
  }

  private void add(OptionalIdentifiedDefinition<?> definition, Kind kind, Object... says) {
    List<String> all = new ArrayList<>();
    for (Object one : says) {
      if (one instanceof List<?> several) {
        several.forEach(item -> all.add(String.valueOf(item)));
      } else {
        all.add(String.valueOf(one));
      }
    }
    nodes.add(new Node(definition, new Part(kind, definition.getLineNumber(), "", all, null)));
  }

  private static List<String> said(ExpressionNode node) {
    return said(node.getExpression());
  }

  private static List<String> said(@Nullable ExpressionDefinition expression) {
    boolean known =
        expression != null
            && (expression.getClass() == SimpleExpression.class
                || expression.getClass() == ConstantExpression.class);
    refuseUnless(known, "expression", expression == null ? "none" : expression.getLanguage());
    TypedExpressionDefinition typed =
        (TypedExpressionDefinition) Objects.requireNonNull(expression);
    refuseUnless(
        noneOf(typed.getResultTypeName(), typed.getResultType(), typed.getTrim()),
        "expression",
        "a type");
    return List.of(typed.getLanguage(), text(typed.getExpression()));
  }

  private static boolean noneOf(@Nullable Object... values) {
    return Stream.of(values).allMatch(Objects::isNull);
  }

  private static String off(@Nullable String disabled) {
    return StepPolicy.off("true".equals(disabled));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static void refuseUnless(boolean allowed, String what, String found) {
    if (!allowed) {
      throw new IllegalArgumentException("%s: %s is not allowed".formatted(what, found));
    }
  }
}
