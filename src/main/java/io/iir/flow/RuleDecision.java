package io.iir.flow;

import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.rules.Decision;
import io.iir.rules.DecisionRecord;
import io.iir.rules.Failure;
import io.iir.rules.Rules;
import io.iir.rules.Verdict;
import io.iir.rules.language.Facts;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Has the operator's rules decide. Thread-safe. */
@Component
public final class RuleDecision implements Processor {

  private final RequestFacts facts;
  private final Rules rules;
  private final Clock clock;

  /** Asks {@code rules} about what {@code facts} gathers. */
  public RuleDecision(RequestFacts facts, Rules rules, Clock clock) {
    this.clock = clock;
    this.facts = facts;
    this.rules = rules;
  }

  @Override
  public void process(Exchange exchange) {
    Facts known = facts.of(exchange);
    Variables.FACTS.set(exchange, known);
    note(exchange, rules.decide(known));
  }

  /** The decision that was noted cannot be used for {@code why}: the shipped rules decide. */
  void fallBack(Exchange exchange, Failure why) {
    note(exchange, rules.fallBack(Variables.FACTS.get(exchange), why));
  }

  /** Keeps the decision, until it is pushed out by newer ones. */
  void record(Exchange exchange) {
    if (!rules.log().wants(clock.millis())) {
      return;
    }
    DecisionRecord record =
        new DecisionRecord(
            clock.instant(),
            Variables.REQUEST_ID.get(exchange),
            Variables.FACTS.get(exchange),
            Variables.PRINCIPAL.get(exchange).models(),
            Variables.DECISION.get(exchange));
    Variables.DECISION_RECORD.set(exchange, record);
    rules.log().add(record);
  }

  private static void note(Exchange exchange, Verdict verdict) {
    switch (verdict) {
      case Decision decision -> {
        Variables.DECISION.set(exchange, decision);
        Variables.TARGETS.set(exchange, decision.text());
        Variables.REASON.set(exchange, decision.reason());
      }
      case Failure failure -> throw refusal(failure);
    }
  }

  /** The refusal of a request that not even the shipped rules decide. */
  public static ApiException refusal(Failure failure) {
    return new ApiException(
        ApiError.server(
            503, "no_target_available", "the routing rules gave no target: " + failure.message()),
        Map.of("Retry-After", "1"));
  }
}
