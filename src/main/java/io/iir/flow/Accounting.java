package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.metrics.FlowMeters;
import io.iir.provider.ModelName;
import io.iir.rules.DecisionRecord;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Counts a request, and ends its call, when its answer has ended, streams included. */
final class Accounting extends SynchronizationAdapter {

  private final String route;
  private final FlowMeters meters;

  Accounting(String route, FlowMeters meters) {
    this.route = route;
    this.meters = meters;
  }

  @Override
  public void onDone(Exchange exchange) {
    Timings timings = Variables.TIMINGS.get(exchange);
    meters.request(route, RequestOutcome.word(exchange), System.nanoTime() - timings.startNanos());
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
    if (tally != null && answered != null && tally.called()) {
      String provider = answered.provider();
      meters.tokens(provider, tally.promptTokens(), tally.completionTokens());
      if (tally.promptRatio() > 0) {
        meters.estimateError(provider, tally.promptRatio());
      }
      if (tally.clientFirstTokenNanos() != 0) {
        meters.firstToken(provider, tally.clientFirstTokenNanos() - timings.startNanos());
      }
    }
  }
}
