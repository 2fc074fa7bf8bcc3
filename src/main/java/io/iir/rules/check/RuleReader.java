package io.iir.rules.check;

import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import io.iir.rules.language.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * From a file's bytes to a rule that may run: UTF-8, YAML, the first gate on its tree, every
 * expression tried on samples, Camel's loader, the second gate on what that made. Thread-safe.
 */
public final class RuleReader implements AutoCloseable {

  private static final String LANGUAGE = "yaml";

  private final Map<String, Object> beans;
  private @Nullable DefaultCamelContext context;

  /** Reads rules that may call {@code beans}, by name. */
  public RuleReader(Map<String, Object> beans) {
    this.beans = Map.copyOf(beans);
  }

  /**
   * Reads and checks a rule.
   *
   * @param file its name in messages
   * @param expectedId the id it must have: the file's name without {@code .camel.yaml}
   * @param liveRules the rules that it may hand on to
   * @throws InvalidRuleException with all that is wrong, in the order of the file
   */
  public synchronized CheckedRule read(
      String file, byte[] content, String expectedId, Set<String> liveRules, Vocabulary vocabulary)
      throws InvalidRuleException {
    String text = RuleText.decode(file, content);
    Problems problems = new Problems(file, text);
    Draft draft = new Draft(expectedId, liveRules, vocabulary, problems);
    Node root = RuleText.compose(text, problems);
    if (root != null) {
      SampleTrial trial = new SampleTrial(context(), Samples.of(vocabulary.headers()));
      new RulePolicy(draft, trial).check(root);
    }
    problems.throwIfAny();
    List<Part> parts = List.copyOf(draft.parts());
    try {
      parse(file, text, expectedId, parts, Hooks.NONE);
    } catch (Exception e) {
      throw new InvalidRuleException(
          List.of(new Problem(file, 0, 0, "Camel cannot read it: " + e.getMessage(), null)), e);
    }
    return new CheckedRule(
        draft.outline(), text, hooks -> again(file, text, expectedId, parts, hooks));
  }

  private synchronized RouteDefinition again(
      String file, String text, String rule, List<Part> parts, Hooks hooks) {
    try {
      return parse(file, text, rule, parts, hooks);
    } catch (Exception e) {
      throw new IllegalStateException(file + " could be read before", e);
    }
  }

  /** Not by findRoutesBuilders: that makes the objects that a file names before anything else. */
  private RouteDefinition parse(
      String file, String text, String rule, List<Part> parts, Hooks hooks) throws Exception {
    Resource resource = ResourceHelper.fromString("rules:" + file, text);
    RoutesBuilder loaded =
        PluginHelper.getRoutesLoader(context())
            .getRoutesLoader(LANGUAGE)
            .loadRoutesBuilder(resource);
    RouteBuilder builder = (RouteBuilder) loaded;
    builder.setCamelContext(context());
    builder.configure();
    RouteDefinition route = only(builder);
    RuleModel model = new RuleModel(route);
    model.refuseUnlessSame(rule, parts);
    new Fitter(rule, hooks).fit(route, model, parts);
    return route;
  }

  private static RouteDefinition only(RouteBuilder builder) {
    var all = builder.getRouteCollection();
    boolean more =
        !all.getOnExceptions().isEmpty()
            || !all.getIntercepts().isEmpty()
            || !all.getInterceptFroms().isEmpty()
            || !all.getInterceptSendTos().isEmpty()
            || !all.getOnCompletions().isEmpty()
            || !builder.getRestCollection().getRests().isEmpty()
            || !builder.getRouteTemplateCollection().getRouteTemplates().isEmpty();
    if (more || all.getRoutes().size() != 1) {
      throw new IllegalArgumentException("it holds something else than one route");
    }
    return all.getRoutes().getFirst();
  }

  /** The context that texts are tried and parsed in; a new one if it is not up. */
  private DefaultCamelContext context() {
    DefaultCamelContext now = context;
    if (now == null || !now.isStarted()) {
      if (now != null) {
        now.stop();
      }
      now = RuleContexts.forParsing(beans);
      context = now;
    }
    return now;
  }

  @Override
  public synchronized void close() {
    if (context != null) {
      context.stop();
    }
  }
}
