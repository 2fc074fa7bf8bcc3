package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.backend.Tally;
import io.iir.openai.ModelRequest;
import io.iir.provider.ModelName;
import io.iir.trace.RequestTrace;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Tells a request's trace, when it has ended, what the steps have found out. Stateless. */
final class RequestSpan {

  /** What a client calls a model, or a rule a reason, is cut to so many letters. */
  private static final int LONGEST = 256;

  private RequestSpan() {}

  static void end(Exchange exchange, RequestTrace trace, String outcome, long endNanos) {
    if (trace.isSampled()) {
      Variables.TIMINGS.get(exchange).each(trace::step);
      trace.put("http.request.id", Variables.REQUEST_ID.find(exchange));
      trace.put("http.response.status_code", RequestOutcome.status(exchange));
      trace.put("iir.outcome", outcome);
      trace.put("iir.cache", Variables.CACHE.find(exchange));
      trace.put("iir.route.reason", cut(Variables.REASON.find(exchange)));
      caller(exchange, trace);
      model(exchange, trace);
      String failure = failure(exchange, outcome);
      if (failure != null) {
        trace.failed(failure);
      }
    }
    trace.end(endNanos);
  }

  private static void caller(Exchange exchange, RequestTrace trace) {
    ApiKey key = Variables.PRINCIPAL.find(exchange);
    if (key != null) {
      trace.put("iir.key.id", key.id());
      trace.put("iir.team", key.team());
    }
  }

  private static void model(Exchange exchange, RequestTrace trace) {
    ModelRequest request = Variables.REQUEST.find(exchange);
    if (request != null) {
      trace.put("gen_ai.operation.name", request.operation().word());
      trace.put("gen_ai.request.model", cut(request.model()));
      trace.put("gen_ai.request.stream", request.stream());
    }
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    if (answered != null) {
      trace.put("gen_ai.provider.name", answered.provider());
      trace.put("gen_ai.response.model", answered.model());
    }
    Tally tally = Variables.TALLY.find(exchange);
    if (tally != null && tally.called()) {
      trace.put("gen_ai.usage.input_tokens", tally.promptTokens());
      trace.put("gen_ai.usage.output_tokens", tally.completionTokens());
      trace.finishReason(tally.finishReason());
    }
  }

  /** Why the gateway failed the request; null: it did not, or it is the client's own fault. */
  private static @Nullable String failure(Exchange exchange, String outcome) {
    Tally tally = Variables.TALLY.find(exchange);
    return switch (outcome) {
      case "error" -> Integer.toString(RequestOutcome.status(exchange));
      case "broken_stream" -> tally == null ? outcome : tally.failure();
      default -> null;
    };
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
