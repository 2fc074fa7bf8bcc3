package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.provider.ModelName;
import io.iir.rules.DecisionRecord;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Counts a request, and ends its call, when its answer has ended, streams included. */
final class Accounting extends SynchronizationAdapter {

  private final String route;
  private final RequestMeters meters;

  Accounting(String route, RequestMeters meters) {
    this.route = route;
    this.meters = meters;
  }

  @Override
  public void onDone(Exchange exchange) {
    Tally tally = Variables.TALLY.find(exchange);
    Attempts attempts = Variables.ATTEMPTS.find(exchange);
    if (attempts != null && tally != null) {
      attempts.end(tally);
    }
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    DecisionRecord decision = Variables.DECISION_RECORD.find(exchange);
    if (decision != null && tally != null) {
      decision.end(
          new DecisionRecord.Ending(
              answered == null ? null : answered.id(),
              tally.promptTokens(),
              tally.completionTokens()));
    }
    meters.ended(route, exchange);
  }
}
