package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.log.RequestLog;
import io.iir.provider.ModelName;
import io.iir.rules.DecisionRecord;
import io.iir.trace.RequestTrace;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/** Counts a request, and ends its call, when its answer has ended, streams included. */
final class Accounting extends SynchronizationAdapter {

  private final String route;
  private final RequestMeters meters;
  private final @Nullable RequestLog log;

  Accounting(String route, RequestMeters meters, @Nullable RequestLog log) {
    this.route = route;
    this.meters = meters;
    this.log = log;
  }

  @Override
  public void onDone(Exchange exchange) {
    long now = System.nanoTime();
    String outcome = RequestOutcome.word(exchange);
    RequestTrace trace = Variables.TRACE.find(exchange);
    RequestTrace.enter(trace);
    try {
      count(exchange, outcome, now);
    } finally {
      RequestTrace.leave(trace);
      if (trace != null) {
        RequestSpan.end(exchange, trace, outcome, now);
      }
      if (log != null) {
        log.add(LogLines.of(exchange, route, outcome, now));
      }
    }
  }

  private void count(Exchange exchange, String outcome, long now) {
    Tally tally = Variables.TALLY.find(exchange);
    Attempts attempts = Variables.ATTEMPTS.find(exchange);
    if (attempts != null && tally != null) {
      CallTraces.end(exchange, tally, outcome);
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
    meters.ended(route, exchange, outcome, now);
  }
}
