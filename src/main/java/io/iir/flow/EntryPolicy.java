package io.iir.flow;

import io.iir.metrics.FlowMeters;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Stands at an entry's two edges: at the first it gives the request its id, at the second it writes
 * the answer's headers and nothing else.
 */
final class EntryPolicy extends RoutePolicySupport {

  private final FlowMeters meters;

  EntryPolicy(FlowMeters meters) {
    this.meters = meters;
  }

  @Override
  public void onExchangeBegin(Route route, Exchange exchange) {
    Variables.TIMINGS.set(exchange, new Timings());
    Variables.REQUEST_ID.set(
        exchange, RequestIds.accept(exchange.getMessage().getHeader("x-request-id")));
    exchange.getExchangeExtension().addOnCompletion(new Accounting(route.getRouteId(), meters));
  }

  @Override
  public void onExchangeDone(Route route, Exchange exchange) {
    AnswerHeaders.write(exchange);
  }
}
