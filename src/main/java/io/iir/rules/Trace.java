package io.iir.rules;

import io.iir.rules.check.Hooks;
import io.iir.rules.language.Outline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/** How a request went through rules: what each condition was, and which branches were taken. */
public final class Trace {

  /** The property of the exchange that carries it. */
  private static final String PROPERTY = "iir.trace";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{variable\\.(\\w+)}");
  private static final Pattern HEADER = Pattern.compile("\\$\\{header\\.([\\w-]+)}");

  /**
   * A branch that the request came to.
   *
   * @param rule whose
   * @param branch which
   * @param value what its condition was; null with {@code otherwise}
   * @param asked what the condition asked about, and the values
   */
  public record Step(
      String rule, Outline.Branch branch, @Nullable Boolean value, Map<String, Object> asked) {

    /** Whether the request went this way. */
    public boolean taken() {
      return value == null || value;
    }
  }

  private final List<Step> steps = new ArrayList<>();

  /** The branches that the request came to, in this order. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  void attachTo(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
  }

  /** Hooks that write into the trace that an exchange carries, for the rule {@code rule}. */
  static Hooks hooks(String rule, Hooks inner) {
    return new Hooks() {
      @Override
      public Processor mark(Outline.Branch branch) {
        Processor processor = inner.mark(branch);
        return exchange -> {
          if (branch.condition() == null) {
            add(exchange, new Step(rule, branch, null, Map.of()));
          }
          processor.process(exchange);
        };
      }

      @Override
      public Predicate condition(Outline.Branch branch, Predicate condition) {
        return new Traced(rule, branch, condition);
      }
    };
  }

  private static void add(Exchange exchange, Step step) {
    Trace trace = exchange.getProperty(PROPERTY, Trace.class);
    if (trace != null) {
      trace.steps.add(step);
    }
  }

  /** A condition whose value is noted. */
  private record Traced(String rule, Outline.Branch branch, Predicate condition)
      implements Predicate {

    @Override
    public void init(org.apache.camel.CamelContext context) {
      condition.init(context);
    }

    @Override
    public void initPredicate(org.apache.camel.CamelContext context) {
      condition.initPredicate(context);
    }

    @Override
    public boolean matches(Exchange exchange) {
      boolean value = condition.matches(exchange);
      String text = branch.condition() == null ? "" : branch.condition();
      Map<String, Object> asked = new TreeMap<>();
      Matcher variable = VARIABLE.matcher(text);
      while (variable.find()) {
        put(asked, variable.group(1), exchange.getVariable(variable.group(1)));
      }
      Matcher header = HEADER.matcher(text);
      while (header.find()) {
        put(asked, "header." + header.group(1), exchange.getMessage().getHeader(header.group(1)));
      }
      add(exchange, new Step(rule, branch, value, asked));
      return value;
    }

    private static void put(Map<String, Object> asked, String name, @Nullable Object value) {
      asked.put(name, value == null ? "(not set)" : value);
    }

    @Override
    public String toString() {
      return String.valueOf(branch.condition());
    }
  }
}
