package io.iir.flow;

import io.iir.api.ClientApi;
import io.iir.log.RequestLog;
import io.iir.openai.ApiException;
import io.iir.transport.ClientLink;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;

/**
 * Stands at an entry's two edges: at the first it gives the request its id, at the second it makes
 * an answer of what a step refused or failed with, puts the answer into the form of the API that
 * the client speaks, and lets out no header but the gateway's own.
 */
public final class EntryPolicy extends RoutePolicySupport {

  private final RequestMeters meters;
  private final @Nullable EntryTraces traces;
  private final @Nullable RequestLog log;

  /** Without {@code traces} or {@code log} requests have none. */
  EntryPolicy(RequestMeters meters, @Nullable EntryTraces traces, @Nullable RequestLog log) {
    this.meters = meters;
    this.traces = traces;
    this.log = log;
  }

  @Override
  public void onExchangeBegin(Route route, Exchange exchange) {
    Timings timings = new Timings();
    Variables.TIMINGS.set(exchange, timings);
    if (traces != null) {
      traces.begin(exchange, timings);
    }
    Variables.REQUEST_ID.set(
        exchange, RequestIds.accept(exchange.getMessage().getHeader("x-request-id")));
  }

  @Override
  public void onExchangeDone(Route route, Exchange exchange) {
    Exception failure = exchange.getException();
    if (failure != null) {
      exchange.setException(null);
      ClientLink link = Variables.CLIENT_LINK.find(exchange);
      boolean stopped = link != null && link.stopped();
      AboutRequest.run(
          exchange,
          () -> answer(exchange, stopped ? Stopping.refusal() : ErrorMapper.map(failure)));
    }
    // Not at the begin: Camel sorts an exchange's completions at both ends of each of its routes.
    exchange
        .getExchangeExtension()
        .addOnCompletion(new Accounting(route.getRouteId(), meters, log));
    ClientApi api = Variables.API.find(exchange);
    if (api != null) {
      AnswerForm.apply(api, exchange);
    }
    AnswerRecord record = Variables.ANSWER_RECORD.find(exchange);
    if (record != null) {
      record.take(exchange); // in the form that the client gets
    }
    Settlement settlement = Variables.SETTLEMENT.find(exchange);
    if (settlement != null) {
      settlement.answered(exchange);
    }
    if (Variables.CLIENT_LINK.find(exchange) == null) {
      AnswerHeaders.putInto(exchange); // another engine than ours, which writes them itself
    }
  }

  private static void answer(Exchange exchange, ApiException refusal) {
    Variables.ERROR.set(exchange, refusal);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, refusal.error().status());
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(refusal.error().toJson());
  }
}
