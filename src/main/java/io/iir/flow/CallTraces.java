package io.iir.flow;

import io.iir.backend.EventTap;
import io.iir.backend.Origin;
import io.iir.backend.Tally;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.provider.CallWatch;
import io.iir.provider.ModelName;
import io.iir.trace.CallSpan;
import io.iir.trace.CallTarget;
import io.iir.trace.Contents;
import io.iir.trace.RequestTrace;
import io.netty.handler.codec.http.HttpHeaders;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

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

  /** {@code tap}, which a trace that is to hold what is said reads along with. */
  static EventTap readAlong(Exchange exchange, EventTap tap) {
    Contents contents = contents(exchange);
    return contents == null ? tap : new ReadingTap(tap, contents::event);
  }

  /** The answer to a conversation has come whole. */
  static void whole(Exchange exchange, byte[] completion) {
    Contents contents = contents(exchange);
    if (contents != null) {
      contents.whole(completion);
    }
  }

  private static @Nullable Contents contents(Exchange exchange) {
    RequestTrace trace = Variables.TRACE.find(exchange);
    return trace == null ? null : trace.contents();
  }

  /** The call to the current target has failed, as {@code type} says. */
  static void failed(Attempts attempts, String type) {
    CallWatch watch = attempts.call().watch();
    if (watch != null) {
      watch.failed(type);
    }
  }

  /** The call to the current target was answered with {@code status}, a refusal. */
  static void refused(Attempts attempts, int status) {
    CallWatch watch = attempts.call().watch();
    if (watch != null) {
      watch.status(status);
      watch.failed(Integer.toString(status));
    }
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
  static void end(Exchange exchange, Tally tally, String outcome) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
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
      ModelRequest request = Variables.REQUEST.find(exchange);
      if (contents(exchange) != null && request != null && request.operation() == Operation.CHAT) {
        span.contents(request.forUpstream(request.model()), tally.finishReason());
      }
    }
  }
}
