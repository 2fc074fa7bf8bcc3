package io.iir.flow;

import io.iir.backend.Origin;
import io.iir.backend.Tally;
import io.iir.openai.ModelRequest;
import io.iir.provider.ModelName;
import io.iir.trace.CallSpan;
import io.iir.trace.CallTarget;
import io.iir.trace.RequestTrace;
import io.netty.handler.codec.http.HttpHeaders;
import org.apache.camel.Exchange;

/** Tells a request's trace of its calls to providers, where it has one. Stateless. */
final class CallTraces {

  private CallTraces() {}

  /**
   * The current target is to be called at {@code origin}, with {@code headers}, which from now on
   * name the call's own span instead of the client's.
   */
  static void begin(Exchange exchange, ModelRequest request, Origin origin, HttpHeaders headers) {
    RequestTrace trace = Variables.TRACE.find(exchange);
    if (trace == null) {
      return;
    }
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    ModelName name = attempts.current().name();
    headers.remove("traceparent").remove("tracestate");
    CallSpan span =
        trace.call(
            new CallTarget(
                request.operation().word(),
                name.provider(),
                name.model(),
                origin.host(),
                origin.port()),
            Variables.TIMINGS.get(exchange).lastEndNanos(),
            System.nanoTime() + attempts.pause().toNanos(),
            headers::set);
    attempts.call().watchedBy(span);
  }

  /** The stream of the current target has broken off, and another goes on with it. */
  static void brokeOff(Attempts attempts, Tally tally) {
    if (attempts.call().watch() instanceof CallSpan span) {
      span.firstToken(tally.firstTokenNanos());
      String failure = tally.failure();
      span.failed(failure == null ? "broken_stream" : failure);
    }
  }

  /** The request is over: the call that the client's answer came from says what it was. */
  static void end(Attempts attempts, Tally tally, String outcome) {
    if (!attempts.isCalling() || !(attempts.call().watch() instanceof CallSpan span)) {
      return;
    }
    String failure = tally.failure();
    if (failure != null) {
      span.failed(failure);
    } else if (outcome.equals(RequestOutcome.CLIENT_LEFT)) {
      span.failed(RequestOutcome.CLIENT_LEFT);
    }
    if (attempts.answered()) {
      span.answered();
      span.firstToken(tally.firstTokenNanos());
      if (tally.called()) {
        span.answer(
            attempts.current().name().model(),
            tally.promptTokens(),
            tally.completionTokens(),
            tally.finishReason());
      }
    }
  }
}
