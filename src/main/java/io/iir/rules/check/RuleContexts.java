package io.iir.rules.check;

import java.util.Map;
import java.util.Set;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultReactiveExecutor;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.LanguageResolver;
import org.apache.camel.spi.NodeIdFactory;
import org.apache.camel.spi.ReactiveExecutor;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.SimpleRegistry;

/**
 * Makes small Camel contexts that reach nothing: no component but {@code direct} and, if there are
 * beans, {@code bean}; no language but those of rules; no object but the beans.
 */
public final class RuleContexts {

  private static final String BEAN = "bean";
  private static final int SHUTDOWN_SECONDS = 2;

  /**
   * One for all: each has a thread-local whose value points back to it, so that every platform
   * thread which ever ran a rule would keep one of each version alive.
   */
  private static final ReactiveExecutor EXECUTOR = new DefaultReactiveExecutor();

  private RuleContexts() {}

  /**
   * A context that is not started yet; who called it stops it.
   *
   * @param jmx whether it shows itself in JMX
   * @param beans what its rules may call, by name
   */
  public static DefaultCamelContext create(String name, boolean jmx, Map<String, Object> beans) {
    DefaultCamelContext context = new DefaultCamelContext(false);
    ExtendedCamelContext extension = context.getCamelContextExtension();
    context.setApplicationContextClassLoader(RuleContexts.class.getClassLoader());
    extension.setName(name);
    SimpleRegistry registry = new SimpleRegistry();
    beans.forEach(registry::bind);
    extension.setRegistry(registry);
    if (!jmx) {
      context.disableJMX();
    }
    context.setLoadTypeConverters(false);
    context.setLoadHealthChecks(false);
    context.setStreamCaching(false);
    context.setMessageHistory(false);
    context.setDumpRoutes("false");
    context.setStartupSummaryLevel(StartupSummaryLevel.Off);
    extension.setReactiveExecutor(EXECUTOR);
    context.build();
    if (jmx) {
      context.getManagementStrategy().setManagementObjectNameStrategy(new RuleBeanNames());
    }
    wall(extension, !beans.isEmpty());
    extension.addContextPlugin(NodeIdFactory.class, RuleContexts::nodeId);
    context.getShutdownStrategy().setTimeout(SHUTDOWN_SECONDS);
    return context;
  }

  /** A context to parse and try expressions in, which keeps hardly any of them. */
  static DefaultCamelContext forParsing(Map<String, Object> beans) {
    DefaultCamelContext context = create("iir-rules-parse", false, beans);
    context.getGlobalOptions().put(Exchange.MAXIMUM_SIMPLE_CACHE_SIZE, "16");
    context.start();
    return context;
  }

  /** {@code <route>.<kind>-L<line>}: the same after each edit elsewhere in the file. */
  private static String nodeId(NamedNode node) {
    NamedNode top = node;
    while (top.getParent() != null) {
      top = top.getParent();
    }
    int line = Math.max(0, node.getLineNumber());
    return "%s.%s-L%d".formatted(top.getId(), node.getShortName(), line);
  }

  private static void wall(ExtendedCamelContext extension, boolean beans) {
    ComponentResolver components = PluginHelper.getComponentResolver(extension);
    extension.addContextPlugin(
        ComponentResolver.class,
        (name, context) -> {
          if (name.equals("direct")) {
            return direct();
          }
          refuseUnless(beans && name.equals(BEAN), "component", name);
          return components.resolveComponent(name, context);
        });
    Set<String> known = Set.of(ExpressionPolicy.SIMPLE, ExpressionPolicy.CONSTANT);
    LanguageResolver languages = PluginHelper.getLanguageResolver(extension);
    extension.addContextPlugin(
        LanguageResolver.class,
        (name, context) -> {
          refuseUnless(known.contains(name) || (beans && name.equals(BEAN)), "language", name);
          return languages.resolveLanguage(name, context);
        });
  }

  /** One that says at once that a rule is not there, rather than wait for it. */
  private static Component direct() {
    DirectComponent direct = new DirectComponent();
    direct.setBlock(false);
    return direct;
  }

  private static void refuseUnless(boolean allowed, String what, String name) {
    if (!allowed) {
      throw new IllegalArgumentException(
          "the %s '%s' is not allowed in rules".formatted(what, name));
    }
  }
}
