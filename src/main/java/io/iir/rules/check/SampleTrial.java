package io.iir.rules.check;

import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/** Compiles expressions and evaluates them on samples, in a context that reaches nothing. */
final class SampleTrial implements ExpressionPolicy.Trial {

  private final CamelContext context;
  private final List<Facts> samples;

  SampleTrial(CamelContext context, List<Facts> samples) {
    this.context = context;
    this.samples = samples;
  }

  @Override
  public @Nullable SimpleFault condition(String text) {
    return fault(simple -> {
      Predicate condition = simple.createPredicate(text);
      condition.initPredicate(context);
      samples.forEach(facts -> condition.matches(exchange(facts)));
    });
  }

  @Override
  public @Nullable SimpleFault value(String text) {
    return fault(simple -> {
      Expression value = simple.createExpression(text);
      value.init(context);
      samples.forEach(facts -> value.evaluate(exchange(facts), String.class));
    });
  }

  /** Whatever is thrown says that the expression does not work. */
  private @Nullable SimpleFault fault(Consumer<Language> use) {
    try {
      use.accept(context.resolveLanguage(ExpressionPolicy.SIMPLE));
      return null;
    } catch (SimpleIllegalSyntaxException e) {
      return new SimpleFault(Math.max(0, e.getIndex()), words(e), null);
    } catch (RuntimeException e) {
      return new SimpleFault(0, words(e), null);
    }
  }

  private static String words(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    String first = message.lines().findFirst().orElse("").replaceAll(" at location \\d+$", "");
    return "this does not work: " + first;
  }

  /** A request of which {@code facts} are known, as rules see it. */
  private Exchange exchange(Facts facts) {
    Exchange exchange = new DefaultExchange(context);
    for (Map.Entry<Fact, Object> fact : facts.set().entrySet()) {
      exchange.setVariable(fact.getKey().word(), fact.getValue());
    }
    facts.headers().forEach(exchange.getMessage()::setHeader);
    return exchange;
  }
}
