package io.iir.flow;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The step {@code provider-choice}: asks the operator's rules, which run in a context of their own
 * and may change at any time, and finds the models that their {@code targets} mean now.
 */
@Component
public final class ProviderChoiceRoute extends RouteBuilder {

  private final RuleDecision decision;
  private final TargetChoice choice;

  /** A step that decides by {@code decision} and finds models by {@code choice}. */
  public ProviderChoiceRoute(RuleDecision decision, TargetChoice choice) {
    this.decision = decision;
    this.choice = choice;
  }

  @Override
  public void configure() {
    from("direct:provider-choice")
        .routeId("provider-choice")
        .description("Ask the rules who may answer, best first")
        .process(decision)
        .id("provider-choice.rules")
        .process(choice)
        .id("provider-choice.targets");
  }
}
