package io.iir.rules.check;

import io.iir.rules.language.Outline.Branch;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.jspecify.annotations.Nullable;

/** A condition that is compiled in the context where it is to decide, and hooked there. */
final class HookedCondition implements Predicate {

  private final Branch branch;
  private final String text;
  private final Hooks hooks;
  private volatile @Nullable Predicate deciding;

  HookedCondition(Branch branch, String text, Hooks hooks) {
    this.branch = branch;
    this.text = text;
    this.hooks = hooks;
  }

  @Override
  public void init(CamelContext context) {
    Predicate compiled =
        context.resolveLanguage(ExpressionPolicy.SIMPLE).createPredicate(text.strip());
    compiled.initPredicate(context);
    deciding = hooks.condition(branch, compiled);
  }

  @Override
  public boolean matches(Exchange exchange) {
    Predicate ready = deciding;
    if (ready == null) {
      throw new IllegalStateException("not initialised: " + text);
    }
    return ready.matches(exchange);
  }

  @Override
  public String toString() {
    return text;
  }
}
