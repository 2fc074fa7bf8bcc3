package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.cache.Place;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.transport.ClientLink;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Tells those who wait for a request's answer what became of it, when it has ended without one that
 * was kept: its client has left, so the next of them takes over, as where the gateway has refused
 * it; its provider has failed, and they are told the same; or the answer is not one to keep, and
 * each goes on by itself.
 */
final class LeadEnd extends SynchronizationAdapter {

  private final Place place;

  LeadEnd(Place place) {
    this.place = place;
  }

  @Override
  public void onDone(Exchange exchange) {
    if (place.isSettled()) {
      return;
    }
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    ApiException refusal = Variables.ERROR.find(exchange);
    Tally tally = Variables.TALLY.find(exchange);
    String broken = tally == null ? null : tally.failure();
    if (link != null && link.left()) {
      place.handOver();
    } else if (refusal != null && refusal.error().source() == ApiError.Source.PROVIDER) {
      place.fail(refusal);
    } else if (refusal != null) {
      place.handOver();
    } else if (broken != null) {
      place.fail(
          new ApiException(
              new ApiError(
                  502,
                  "server_error",
                  "provider_error",
                  "the answer to the same request, which this one waited for, broke off (%s)"
                      .formatted(broken),
                  null,
                  ApiError.Source.PROVIDER)));
    } else {
      place.letGo();
    }
  }
}
