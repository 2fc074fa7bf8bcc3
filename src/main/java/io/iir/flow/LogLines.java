package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.backend.Tally;
import io.iir.log.RequestLine;
import io.iir.provider.ModelName;
import io.iir.trace.RequestTrace;
import org.apache.camel.Exchange;

/** Makes the line that the log has of a request. Stateless. */
final class LogLines {

  private LogLines() {}

  static RequestLine of(Exchange exchange, String route, String outcome, long endNanos) {
    ApiKey key = Variables.PRINCIPAL.find(exchange);
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    Tally tally = Variables.TALLY.find(exchange);
    boolean used = tally != null && tally.called();
    RequestTrace trace = Variables.TRACE.find(exchange);
    return new RequestLine(
        Variables.REQUEST_ID.get(exchange),
        trace == null ? null : trace.traceId(),
        trace == null ? null : trace.spanId(),
        key == null ? null : key.id(),
        key == null ? null : key.team(),
        route,
        answered == null ? null : answered.provider(),
        answered == null ? null : answered.model(),
        RequestOutcome.status(exchange),
        outcome,
        Variables.CACHE.find(exchange),
        used && tally != null ? tally.promptTokens() : -1,
        used && tally != null ? tally.completionTokens() : -1,
        endNanos - Variables.TIMINGS.get(exchange).startNanos());
  }
}
